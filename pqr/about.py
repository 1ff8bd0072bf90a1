"""What does the entity say of itself?  Beside its name: what stands on its pages and papers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class About:
    """All optional, "" where the entity has not said it. `logo`: SHA-256 of the image in the store.

    `signer`: who signs where no office does. `place`: municipality and department.
    """

    nit: str = ""
    address: str = ""
    place: str = ""
    phone: str = ""
    hours: str = ""
    site: str = ""
    signer: str = ""
    logo: str = ""
    logo_type: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """For the foot of a page and the head of a paper."""
        where = ", ".join(part for part in (self.address, self.place) if part)
        said = (f"NIT {self.nit}" if self.nit else "", where, f"Teléfono {self.phone}" if self.phone else "", self.site)
        return tuple(part for part in said if part)

    @property
    def counter(self) -> str:
        """Where and when somebody is received, as a letter says it."""
        where, when = (f" ({said})" if said else "" for said in (self.address, self.hours))
        return f"la oficina de Atención al Usuario{where}, en horario de atención{when}"


UNSAID = About()

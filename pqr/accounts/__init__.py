"""Who works here?  Accounts of officials; citizens never need one."""

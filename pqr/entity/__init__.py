"""Who are we?  The entity's own data, over those that the installation began with."""

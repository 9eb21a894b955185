"""Property tests judge what a rule decides, not how busy the machine is: they have no deadline."""

from hypothesis import settings

settings.register_profile("unhurried", settings(), deadline=None)
settings.load_profile("unhurried")

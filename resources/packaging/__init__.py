"""How a bundle is made: staging for Briefcase, icons, what Linux desktops want to know."""

"""For tests of applications that embed installflow: a pytest plugin, a given/when/then kit, the French steps."""

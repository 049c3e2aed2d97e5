"""The product: command line, configuration, supervisor, demo school, doctor.

Puts the processes together and looks after them. Nothing else imports it.
"""

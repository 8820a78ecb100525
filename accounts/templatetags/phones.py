"""`{{ user.phone|spoken_phone }}`."""

from django import template

from accounts import phones

register = template.Library()
register.filter("spoken_phone", phones.spoken_phone)

import os

from django.core.wsgi import get_wsgi_application

from programme.installation import begin

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "programme.settings")
application = get_wsgi_application()
begin()

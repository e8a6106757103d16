"""Which static files of other packages are deployed."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class OurStaticFiles(StaticFilesConfig):
    """Leaves out what none of our pages asks for: 9 MB, which a first start compressed for half a minute."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "rest_framework",  # a browsable API, which ours is not
        *("redoc", "swagger-ui-standalone-preset.js", "oauth2-redirect.*"),  # the API browser is Swagger UI alone
        *("ext", "htmax-*", "htmx-4*", "htmx-2.js", "django-htmx.js"),  # we load htmx-2.min.js
        "*.js.map",  # for debugging
    ]

"""Every model with an organisation, and its table."""

from django.apps import apps

from cohorts.tenancy.wall import OrganisationOwned

OWNED_MODELS = sorted(
    (model for model in apps.get_models() if issubclass(model, OrganisationOwned)), key=lambda model: model._meta.label
)
OWNED = sorted(model._meta.db_table for model in OWNED_MODELS)

"""Every model with an organisation, and its table. Those that only their author may read are tested by themselves."""

from django.apps import apps

from cohorts.tenancy.wall import OrganisationOwned

_ALL = sorted(
    (model for model in apps.get_models() if issubclass(model, OrganisationOwned)), key=lambda model: model._meta.label
)
OWNED_MODELS = [model for model in _ALL if not model.author_field]
AUTHORED_MODELS = [model for model in _ALL if model.author_field]
OWNED = sorted(model._meta.db_table for model in OWNED_MODELS)

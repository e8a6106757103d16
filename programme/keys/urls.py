from django.urls import path

from programme.keys import views

urlpatterns = [
    path("settings/keys/", views.settings_keys, name="settings_keys"),
    path("settings/keys/new/", views.settings_key_new, name="settings_key_new"),
    path("settings/keys/<int:key_pk>/rotating/", views.settings_key_rotating, name="settings_key_rotating"),
    path("settings/keys/<int:key_pk>/revoking/", views.settings_key_revoking, name="settings_key_revoking"),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/new/", views.token_new, name="token_new"),
    path("tokens/<int:pk>/rotating/", views.token_rotating, name="token_rotating"),
    path("tokens/<int:pk>/revoking/", views.token_revoking, name="token_revoking"),
]

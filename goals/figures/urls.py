"""The figures of the floor, behind /o/<slug>/."""

from django.urls import path

from goals.figures.views import charts, entry, intakes, keeping, kpis

urlpatterns = [
    path("figures/", charts.figures, name="figures"),
    path("teams/<int:pk>/figures/", charts.team_figures, name="team_figures"),
    path("teams/<int:pk>/figures/following/", keeping.figures_following, name="figures_following"),
    path("teams/<int:pk>/figures/entry/", entry.figures_entry, name="figures_entry"),
    path(
        "teams/<int:pk>/figures/entry/undoing/<str:token>/", entry.figures_entry_undoing, name="figures_entry_undoing"
    ),
    path("figures/<int:pk>/", charts.kpi_chart, name="kpi_chart"),
    path("figures/<int:pk>/aim/", keeping.followed_aim, name="followed_aim"),
    path("figures/<int:pk>/stopping/", keeping.followed_stopping, name="followed_stopping"),
    path("figures/<int:pk>/return/", keeping.followed_return, name="followed_return"),
    path("figures/<int:pk>/rebase/", keeping.followed_rebase, name="followed_rebase"),
    path("figures/<int:pk>/note/", keeping.followed_note, name="followed_note"),
    path("figures/rebases/<int:rebase_pk>/undoing/", keeping.rebase_undoing, name="rebase_undoing"),
    path("figure-lists/new/", intakes.figure_intake_new, name="figure_intake_new"),
    path("figure-lists/<int:pk>/", intakes.figure_intake, name="figure_intake"),
    path("figure-lists/<int:pk>/columns/", intakes.figure_intake_columns, name="figure_intake_columns"),
    path("figure-lists/<int:pk>/confirmation/", intakes.figure_intake_confirmation, name="figure_intake_confirmation"),
    path("figure-lists/<int:pk>/undoing/", intakes.figure_intake_undoing, name="figure_intake_undoing"),
    path("figure-lists/<int:pk>/discard/", intakes.figure_intake_discard, name="figure_intake_discard"),
    path("figure-lists/<int:pk>/problems.csv", intakes.figure_intake_problems, name="figure_intake_problems"),
    path("kpis/", kpis.kpis, name="kpis"),
    path("kpis/new/", kpis.kpi_new, name="kpi_new"),
    path("kpis/<int:pk>/", kpis.kpi, name="kpi"),
    path("kpis/<int:pk>/method/", kpis.kpi_method, name="kpi_method"),
    path("kpis/<int:pk>/archiving/", kpis.kpi_archiving, name="kpi_archiving"),
    path("kpis/<int:pk>/return/", kpis.kpi_return, name="kpi_return"),
]

"""Getting in, getting out, and one's own account."""

from django.urls import path

from newsreader.accounts import own, views

app_name = "accounts"
urlpatterns = [
    path("", own.account, name="account"),
    path("profile/", own.profile, name="profile"),
    path("preferences/", own.preferences, name="preferences"),
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/again/", views.sign_in_again, name="sign-in-again"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("sign-up/", views.sign_up, name="sign-up"),
    path("claim/<str:key>/", views.claim, name="claim"),
    path("invitation/<str:key>/", views.invitation, name="invitation"),
    path("password/<str:key>/", views.set_password, name="set-password"),
]

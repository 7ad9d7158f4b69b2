"""Secrets and personal data in excerpts: what is taken out, and what stays."""

from __future__ import annotations

import pytest

from bedrock_audit.detect.redaction import redactions

TAKEN = {
    "e-mail": ("write to jo.doe+x@mail.example.org today", "jo.doe+x@mail.example.org", "e-mail"),
    "card": ("pay with 4111 1111 1111 1111 now", "4111 1111 1111 1111", "card"),
    "card without blanks": ("card 5500005555555559.", "5500005555555559", "card"),
    "IBAN": ("to DE89 3704 0044 0532 0130 00 please", "DE89 3704 0044 0532 0130 00", "IBAN"),
    "social security number": ("SSN 123-45-6789 ok", "123-45-6789", "social security number"),
    "phone, international": ("call +49 151 2345678 soon", "+49 151 2345678", "phone number"),
    "phone, American": ("call (212) 555-0199 soon", "(212) 555-0199", "phone number"),
    "phone, in one": ("call +4915123456789 soon", "+4915123456789", "phone number"),
    "AWS key": ("key AKIAIOSFODNN7EXAMPLE here", "AKIAIOSFODNN7EXAMPLE", "AWS key"),
    "GitHub token": ("use ghp_abcdefghijklmnop0123 here", "ghp_abcdefghijklmnop0123", "token"),
    "JSON web token": ("a eyJhbGciOiJI.eyJzdWIiOiIx.abc-_", "eyJhbGciOiJI.eyJzdWIiOiIx.abc-_", "token"),
    "password": ("my password: hunter22, yes", "password: hunter22", "secret"),
    "made-up string": ("id Zx81kQ0pLm55TtRw2Vb9Yn7c here", "Zx81kQ0pLm55TtRw2Vb9Yn7c", "token"),
    "hash": ("sum 3f786850e387550fdab836ed7e6dc881de23001b ok", "3f786850e387550fdab836ed7e6dc881de23001b", "token"),
    "IP address": ("from 10.12.0.255 to us", "10.12.0.255", "IP address"),
    "e-mail, spelt": ("write to jane [at] example.com now", "jane [at] example.com", "e-mail"),
    "card, dots": ("card 5500.0000.0000.0004 ok", "5500.0000.0000.0004", "card"),
    "IBAN, small": ("to de89370400440532013000 ok", "de89370400440532013000", "IBAN"),
    "social security number, named": ("SSN 078051120 ok", "SSN 078051120", "identity number"),
    "passport": ("passport no. C01X00T47 ok", "passport no. C01X00T47", "identity number"),
    "British number": ("see AB123456C ok", "AB123456C", "identity number"),
    "Spanish number": ("see 12345678Z ok", "12345678Z", "identity number"),
    "Italian number": ("see RSSMRA85T10A562S ok", "RSSMRA85T10A562S", "identity number"),
    "Chinese number": ("see 11010519491231002X ok", "11010519491231002X", "identity number"),
    "date of birth": ("Jo, born 12/04/1987, asks", "born 12/04/1987", "date of birth"),
    "address": ("at 742 Evergreen Terrace, Springfield now", "742 Evergreen Terrace, Springfield", "address"),
    "British address": ("at 10 Downing Street, London SW1A 2AA now", "10 Downing Street, London SW1A 2AA", "address"),
    "German address": ("in der Hauptstraße 12, 10115 Berlin", "Hauptstraße 12, 10115 Berlin", "address"),
    "French address": ("12 rue de Rivoli, 75001 Paris", "12 rue de Rivoli, 75001 Paris", "address"),
    "phone, Chinese": ("call 13812345678 soon", "13812345678", "phone number"),
    "IP address, v6": ("from fe80::1ff:fe23:4567:890a to us", "fe80::1ff:fe23:4567:890a", "IP address"),
    "hardware address": ("on 00:1A:2B:3C:4D:5E now", "00:1A:2B:3C:4D:5E", "hardware address"),
    "AWS secret": (
        "use wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY now",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "token",
    ),
    "Azure key": ("k Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq== ok", "Eby8vdM02xNO", "token"),
    "Google token": ("use ya29.a0AfH6SMBx_abcdefghijk now", "ya29.a0AfH6SMBx_abcdefghijk", "token"),
    "SendGrid key": ("use SG.abcdefghijklmnop.qrstuv0123 now", "SG.abcdefghijklmnop.qrstuv0123", "token"),
    "Slack hook": (
        "to https://hooks.slack.com/services/T00/B00/XX now",
        "hooks.slack.com/services/T00/B00/XX",
        "secret",
    ),
    "basic": ("Authorization: Basic dXNlcjpwYXNzd29yZA== ok", "Basic dXNlcjpwYXNzd29yZA==", "token"),
    "credentials in a URL": ("postgres://admin:S3cret@db.local/x", "postgres://admin:S3cret@", "secret"),
    "SSH key": (
        "add ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7 now",
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7",
        "secret",
    ),
    "password, German": ("Passwort: geheim123, ja", "Passwort: geheim123", "secret"),
    "password, Spanish": ("mi contraseña: secreto99, si", "contraseña: secreto99", "secret"),
    "private key": ("-----BEGIN RSA PRIVATE KEY-----\nMIIE", "-----BEGIN RSA PRIVATE KEY-----\nMIIE", "private key"),
}
KEPT = [
    "on 2026-11-23 at 10:30",
    "order 12345 for 3 hens, 20 % off, € 1,299.00",
    "version 1.2.3 of my_long_identifier_name_here",
    "card 4111 1111 1111 1112 has a wrong check digit",
    "the password policy says passwords are secret",
    "Jo Doe lives in Springfield",
    "antidisestablishmentarianism",
    "at 2024-11-23 10:30:15, basic understanding of the bearer",
    "docs/decisions/0006-own-redactor-and-language-detector.md",
    "3 Angry Men on the way; chapter 12, page 34",
    "ACME-2024-report and SK innovation",
]


@pytest.mark.parametrize(("text", "taken", "what"), TAKEN.values(), ids=TAKEN)
def test_what_must_not_be_shown_is_found(text, taken, what):
    found = [(text[one.start : one.end], one.what) for one in redactions(text)]

    assert (taken, what) in found or any(taken in shown for shown, _ in found), found
    assert len(found) == 1


@pytest.mark.parametrize("text", KEPT)
def test_what_may_be_shown_stays(text):
    assert redactions(text) == []


def test_overlapping_finds_are_one():
    text = "password: AKIAIOSFODNN7EXAMPLE"

    assert len(redactions(text)) == 1

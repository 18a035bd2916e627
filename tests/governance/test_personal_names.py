"""Which names of columns speak of personal data, and which only look as if they did."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mesh_infra.governance.personal_data import in_name, in_text

PERSONAL = {
    "an e-mail address": """
        email, e_mail, eMail, user_email, userEmail, UserEmail, USER_EMAIL, user-email, emailAddress, email_address,
        email2, emails, contact_email_id, useremail, email_hash, courriel, adresse_mail, adresseMail,
        adresse_électronique, correio_eletronico, correioEletrônico, endereço_de_email, verified_email, mail
    """,
    "a phone number": """
        phone, phone_number, phoneNumber, PhoneNumbers, home-phone, mobile, mobile_number, contact_number, msisdn, tel,
        tel_fixe, telephone, téléphone, numero_de_telephone, num_portable, telefone, num_telefone, nr_telemovel,
        telemóvel, celular, customerphone, fax_number
    """,
    "a date or place of birth": """
        birth_date, birthDate, birthdate, date_of_birth, dateofbirth, dob, DOB, birthday, year_of_birth, birthplace,
        date_naissance, dateNaissance, date_de_naissance, datedenaissance, lieu_naissance, data_nascimento,
        dt_nascimento, dtNasc, data_de_nascimento, nascimento, birth_date_ts
    """,
    "a national identity, tax or social security number": """
        ssn, customer_ssn, customerSSN, social_security_number, national_id, nationalId, national_insurance_number,
        identity_card_no, nir, numero_securite_sociale, numéro_de_sécurité_sociale, carte_identite, cpf, cliente_cpf,
        nif, NIF, niss, rg, bilhete_de_identidade, cartao_cidadao, numero_utente
    """,
    "a passport": "passport, passport_number, passportNo, passeport, numero_passaporte",
    "a driving licence": "driver_license, drivers_licence_number, permis_de_conduire, carta_conducao, cnh",
    "a payment card": """
        card, card_number, cardNumber, cardno, card_num, credit_card, creditCardNumber, pan, PAN, cvv, card_cvc,
        card_holder, numero_carte, n°_carte, carte_bancaire, carteBancaire, numero_cartao, número_do_cartão,
        cartao_de_credito, num_cartao
    """,
    "a bank account": """
        iban, IBAN, customer_iban, bank_account, bank_account_number, rib, compte_bancaire, conta_bancaria, nib
    """,
    "an IP address": """
        ip, client_ip, clientIp, ClientIP, clientip, ip_address, ipAddress, IPAddress, ip-address, ipv4, clientIPv6,
        source_ips, adresse_ip, endereco_ip, last_login_ip
    """,
    "a device's address or identity": "mac_address, macAddress, imei, advertising_id, adresse_mac",
    "a person's name": """
        first_name, firstName, firstname, last_name, lname, l_name, full_name, surname, maiden_name, customer_name,
        customerName, name_of_the_customer, user_name, username, prenom, prénom, nom_de_famille, nom_client,
        nomDuClient, sobrenome, apelido, nome_completo, nome_do_cliente, nomeMae
    """,
    "a postal address": """
        address, address_1, address_line_2, home_address, shippingAddress, billing_addr, street, street_name,
        customer_address, adresse, adresse_de_livraison, rue, morada, endereco, endereço_entrega, logradouro
    """,
    "a password": "password, user_password, mot_de_passe, senha",
    "health, belief, origin or orientation": "religion, blood_type, groupe_sanguin, religiao, orientacao_sexual",
}

PERHAPS = """
    zip, zip_code, postcode, code_postal, codigo_postal, gender, nationality, nationalité, estado_civil, age,
    customer_age, salary, salário, user_latitude, geolocation, account_number, tax_id, licence_plate
"""

NOT_PERSONAL = """
    order_id, total_amount, currency, status, name, title, description, created_at, quantity, sku,
    product_name, productName, file_name, event_name, campaign_name, nom_produit, nome_produto, hostname, domain_name,
    gzip, ship, shipping_id, shipped_at, recipe_id, tip_amount, zipper, zip_file, equipment, script, clipping, pipeline,
    discard, discarded, dashboard, cardinality, scorecard, postcard_id, gift_card_id, wildcard, card_type, card_last4,
    company, company_id, panel, span, japan, expansion, pancake,
    hotel, hotel_id, telemetry, intelligence, cartel, motel, portal_id, mobility, automobile, mobile_sessions,
    phoneme, microphone, headphones, saxophone, emailed, mailing_list_id, blackmail, remailed, mailbox_size,
    ipsum, ibanez, cribs, ribbon, nibble, unify, sniff, cpfx, assn, session, rgb, target,
    rebirth, birthstone, renaissance, renascimento, dobby, address_id, addressable, streetwear, ruelle, bruel,
    i_p, user_agent, usermanual, filename, surnamed, religious, passportless, moral, imeix,
    email_count, num_emails, number_of_phones, nb_courriels, qtd_telefones, has_email, hasEmail, is_phone_verified,
    phone_verified, phoneVerified, email_sent_at, email_sent_date, email_opened, email_open_rate, email_status,
    email_type, email_domain, email_template_id, email_opt_in, phone_type, phone_model, phone_country_code, phone_calls,
    ip_version, ip_country, credit_card_type, statut_email, tipo_telefone, telefone_verificado, email_verifie,
    birth_count, passport_required, password_changed_at, identity_card_expired_flag
"""


def words(table: str) -> list[str]:
    return [name.strip() for name in table.split(",")]


@pytest.mark.parametrize(("label", "name"), [(label, name) for label, t in PERSONAL.items() for name in words(t)])
def test_a_name_that_speaks_of_personal_data(label: str, name: str) -> None:
    mention = in_name(name)
    assert mention is not None
    assert (mention.kind.label, mention.kind.sure, mention.about) == (label, True, False)


@pytest.mark.parametrize("name", words(PERHAPS))
def test_a_name_that_may_mean_something_else(name: str) -> None:
    mention = in_name(name)
    assert mention is not None
    assert (mention.kind.sure, mention.about) == (False, False)


@pytest.mark.parametrize("name", words(NOT_PERSONAL))
def test_a_name_that_is_not_personal(name: str) -> None:
    mention = in_name(name)
    assert mention is None or mention.about


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("E-mail of the buyer", "an e-mail address"),
        ("The buyer's e-mail address, as typed", "an e-mail address"),
        ("Date of birth", "a date or place of birth"),
        ("(IBAN) of the refund", "a bank account"),
        ("Last IP seen", "an IP address"),
        ("Numéro de téléphone du client", "a phone number"),
        ("Data de nascimento do titular", "a date or place of birth"),
        ("Full name, in capitals", "a person's name"),
    ],
)
def test_a_text_that_speaks_of_personal_data(text: str, label: str) -> None:
    kind = in_text(text)
    assert kind is not None
    assert kind.label == label


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Unique UUID for the order",
        "Final amount charged in USD",
        "A pan-European ship with a tel",
        "Whether an e-mail was sent",
        "Number of phone calls",
        "Number of e-mails sent",
        "Nombre de courriels envoyés",
        "First order. Name of the product",
        "Postcode of the shop",
    ],
)
def test_a_text_that_does_not(text: str) -> None:
    assert in_text(text) is None


WORDS = st.lists(
    st.sampled_from(words("email, birth, date, card, number, sent, customer, name, ip, has, order")), min_size=1
)


@settings(deadline=None)
@given(WORDS)
def test_the_case_of_a_name_makes_no_difference(parts: list[str]) -> None:
    snake = in_name("_".join(parts))
    pascal = "".join(part.capitalize() for part in parts)
    assert snake == in_name("-".join(parts)) == in_name("_".join(parts).upper())
    assert snake == in_name(pascal) == in_name(pascal[0].lower() + pascal[1:])


@settings(deadline=None)
@given(
    st.text(alphabet="bcdfghjklmnpqrstvwxz", min_size=2),
    st.sampled_from(("email", "telefone", "iban", "date_naissance")),
)
def test_words_around_a_personal_one_do_not_hide_it(word: str, name: str) -> None:
    assert in_name(f"x{word}_{name}") == in_name(name) == in_name(f"{name}_x{word}")


@settings(deadline=None)
@given(
    st.text(alphabet="bcdfghjkmnqrsuvwxyz", min_size=1), st.sampled_from(("email", "zip", "ip", "card", "pan", "tel"))
)
def test_a_personal_word_inside_another_is_none(letters: str, name: str) -> None:
    assert in_name(f"x{letters}{name}q{letters}") is None


@settings(deadline=None)
@given(st.text(), st.sampled_from(("_", "-", " ", "__")))
def test_no_name_is_too_strange(name: str, separator: str) -> None:
    assert in_name(name) == in_name(f"{separator}{name}{separator}")


@settings(deadline=None)
@given(st.text(), st.text())
def test_no_text_is_too_strange(before: str, after: str) -> None:
    assert in_text(f"x {before}. The e-mail address. {after}") is not None


@pytest.mark.parametrize(
    ("piece", "is_personal"),
    [("a", False), ("aA", False), ("_", False), ("1", False), ("email", False), ("email_", True), ("\u0301", False)],
)
def test_long_names_and_texts_come_to_an_end(piece: str, *, is_personal: bool) -> None:
    # What takes more than linear time would not come back from this.
    assert (in_name(piece * 50_000) is not None) is is_personal
    assert (in_text(piece * 50_000) is not None) is is_personal

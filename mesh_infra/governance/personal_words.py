"""The words by which names of columns betray personal data, in English, French and Portuguese.

The table behind ``personal_data.py``. Phrases are separated by commas, in lower case, without accents. The words of a
name count whole and may be glued together (``birth date`` finds ``birth_date``, ``birthDate``, ``birth-date`` and
``birthdate``), in the plural too. Little words between them (``de``, ``of``) may be missing, and ``number`` stands
for ``no``, ``num``, ``numero`` and so on.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of personal data and the words that name it.

    ``label`` completes "is named like …". ``sure``: such a name hardly ever means anything else; else it is worth no
    more than a warning. ``alone``: phrases that count where they are the whole name. ``of_person``: words that count
    next to a word for a person. ``is_date``: it is a date itself, so a ``date`` behind it makes it nothing else.
    """

    label: str
    english: str = ""
    french: str = ""
    portuguese: str = ""
    alone: str = ""
    of_person: str = ""
    sure: bool = True
    is_date: bool = False


KINDS = (
    Kind(
        "an e-mail address",
        english="email, e mail, email address, mail address, electronic mail",
        french="courriel, adresse mail, adresse email, adresse mel, adresse electronique",
        portuguese="correio eletronico, correio electronico, endereco eletronico, endereco de email",
        alone="mail",
        of_person="mail, email",
    ),
    Kind(
        "a phone number",
        english="phone, phone number, telephone, tel, mobile number, mobile phone, cellphone, cell number, "
        "contact number, landline, msisdn, whatsapp number, fax, fax number",
        french="numero portable, tel portable, telecopie",
        portuguese="telefone, telemovel, telemoveis, celular, celulares, numero movel, fone, telef",
        alone="mobile, cell, whatsapp",
        of_person="phone, telephone, telefone, mobile, cell, portable, whatsapp",
    ),
    Kind(
        "a date or place of birth",
        english="birth, birth date, date of birth, birth day, birth month, birth year, birth place, dob",
        french="naissance, date de naissance, lieu de naissance, anniversaire",
        portuguese="nascimento, data de nascimento, local de nascimento, nasc, data nasc, dt nasc, aniversario",
        is_date=True,
    ),
    Kind(
        "a national identity, tax or social security number",
        english="ssn, social security, social security number, social insurance number, national insurance number, "
        "nino, national id, national identifier, national identification, national number, identity card, "
        "id card, identity number, id card number, personal id number, identity document, citizen card, "
        "taxpayer, tin number, nhs number, health insurance number, aadhaar",
        french="nir, numero de securite sociale, securite sociale, num secu, numero secu, numero insee, cni, "
        "carte d identite, piece d identite, numero d identite, carte vitale, numero fiscal, identifiant national, "
        "carte de sejour, titre de sejour",
        portuguese="cpf, nif, niss, rg, pis, pasep, ctps, numero de contribuinte, bilhete de identidade, "
        "cartao de cidadao, carteira de identidade, numero de identidade, documento de identidade, titulo de eleitor, "
        "numero de utente, numero de seguranca social, seguranca social",
    ),
    Kind(
        "a passport",
        english="passport, passport number",
        french="passeport",
        portuguese="passaporte",
    ),
    Kind(
        "a driving licence",
        english="driver licence, drivers licence, driving licence, driver license, drivers license, driving license, "
        "driving permit, dl number",
        french="permis de conduire",
        portuguese="carta de conducao, carteira de motorista, carteira de habilitacao, cnh",
    ),
    Kind(
        "a payment card",
        english="card number, card num, card no, credit card, debit card, bank card, payment card, cc number, ccn, "
        "pan, cvv, cvv2, cvc, cvc2, card security code, cardholder, card holder, card expiry, card expiration",
        french="numero de carte, carte bancaire, carte de credit, carte de paiement, carte bleue, numero cb, "
        "cryptogramme, porteur de la carte",
        portuguese="numero de cartao, numero do cartao, cartao de credito, cartao de debito, cartao bancario, "
        "titular do cartao, validade do cartao",
        alone="card, carte, cartao, cartoes",
        of_person="card, carte, cartao",
    ),
    Kind(
        "a bank account",
        english="iban, bban, bank account, bank account number, bank details",
        french="compte bancaire, numero de compte bancaire, coordonnees bancaires, rib",
        portuguese="conta bancaria, numero da conta bancaria, dados bancarios, nib",
    ),
    Kind(
        "an IP address",
        english="ip, ip address, ipv4, ipv6, ipv4 address, ipv6 address, ip addr, client ip, user ip, remote ip, "
        "source ip, remote addr",
        french="adresse ip, ip du client",
        portuguese="endereco ip, endereco de ip",
    ),
    Kind(
        "a device's address or identity",
        english="mac address, mac addr, imei, imsi, idfa, idfv, gaid, advertising id, android id",
        french="adresse mac, identifiant publicitaire",
        portuguese="endereco mac, id de publicidade",
    ),
    Kind(
        "a person's name",
        english="first name, last name, full name, given name, family name, middle name, maiden name, surname, "
        "forename, fname, lname, name first, name last, nickname, user name, username, login name",
        french="prenom, nom de famille, nom complet, nom de jeune fille, nom d usage, patronyme",
        portuguese="sobrenome, apelido, nome completo, primeiro nome, ultimo nome, nome proprio, nome social, "
        "nome da mae, nome do pai",
        of_person="name, nom, nome",
    ),
    Kind(
        "a postal address",
        english="street, street address, address line, home address, house number, postal address, mailing address, "
        "billing address, shipping address, delivery address, residential address, full address",
        french="rue, adresse postale, adresse de livraison, adresse de facturation, adresse du domicile, "
        "adresse complete",
        portuguese="rua, logradouro, morada, endereco residencial, endereco de entrega, endereco de cobranca, "
        "endereco completo, endereco postal",
        alone="address, adresse, endereco",
        of_person="address, adresse, endereco",
    ),
    Kind(
        "a password",
        english="password, passwd, pwd, passphrase, secret question, secret answer",
        french="mot de passe, mdp",
        portuguese="senha, palavra passe",
    ),
    Kind(
        "health, belief, origin or orientation",
        english="religion, religious belief, ethnicity, ethnic origin, ethnic group, sexual orientation, "
        "political opinion, political affiliation, trade union membership, blood type, blood group, "
        "medical record, medical history, health condition, biometric, biometrics",
        french="origine ethnique, orientation sexuelle, opinion politique, groupe sanguin, dossier medical, "
        "antecedents medicaux, empreinte digitale",
        portuguese="religiao, etnia, origem etnica, orientacao sexual, opiniao politica, grupo sanguineo, "
        "tipo sanguineo, historico medico, impressao digital",
    ),
    Kind(
        "a postcode",
        english="zip code, postcode, postal code",
        french="code postal",
        portuguese="codigo postal, cep",
        alone="zip",
        sure=False,
    ),
    Kind(
        "somebody's gender, age, status or nationality",
        english="gender, marital status, civil status, nationality, citizenship",
        french="sexe, etat civil, situation familiale, nationalite",
        portuguese="sexo, estado civil, nacionalidade",
        alone="sex, age, idade",
        of_person="age, idade, sex",
        sure=False,
    ),
    Kind(
        "somebody's pay",
        english="salary, salaries, wage, payslip",
        french="salaire",
        portuguese="salario, ordenado",
        sure=False,
    ),
    Kind(
        "somebody's position",
        english="gps, geolocation, home location",
        french="geolocalisation",
        portuguese="geolocalizacao",
        of_person="latitude, longitude, lat, lon, lng, location, coordinates",
        sure=False,
    ),
    Kind(
        "an account number",
        english="account number, account no",
        french="numero de compte",
        portuguese="numero da conta, numero de conta",
        sure=False,
    ),
    Kind(
        "an identity or tax number",
        english="id number, tax id, tax number",
        portuguese="id fiscal",
        sure=False,
    ),
    Kind(
        "a number plate",
        english="licence plate, license plate, number plate, plate number",
        french="plaque d immatriculation, immatriculation",
        portuguese="matricula do veiculo, placa do veiculo",
        sure=False,
    ),
)

PEOPLE = """
    applicant, beneficiary, buyer, candidate, cardholder, client, contact, customer, doctor, driver, employee,
    father, guest, holder, manager, member, mother, passenger, patient, person, recipient, spouse, student,
    subscriber, teacher, traveler, traveller, user, visitor,
    abonne, acheteur, beneficiaire, candidat, conducteur, conjoint, destinataire, employe, enfant, mere, passager, pere,
    personne, salarie, titulaire, utilisateur, voyageur,
    aluno, assinante, beneficiario, candidato, cliente, colaborador, comprador, condutor, conjuge, contacto, contato,
    destinatario, filho, funcionario, mae, motorista, pai, passageiro, pessoa, paciente, titular, usuario, utente,
    utilizador
"""
"""Words for a person; with an ``s`` too."""

LITTLE = "d, da, das, de, des, do, dos, du, l, la, las, le, les, of, s, the"
"""Words that are passed over between others."""

SAME = {
    "number": "n, nbr, no, nr, nro, num, numero",
    "address": "addr",
    "licence": "license",
}
"""Spellings that stand for one another."""

BEFORE = """
    accept, accepts, allow, allows, can, cnt, count, had, has, have, is, may, missing, not, should, was, without,
    nb, nbr, nombre, possui, qtd, qtde, quantidade, statut, tem, type, tipo, envoi, envio
"""
"""A name that begins with such a word, or has it right before the personal one, only says something about it."""

BEHIND = """
    allowed, amount, available, average, avg, bounce, bounced, bounces, brand, call, calls, campaign, carrier, category,
    changed, channel, check, checked, class, click, clicked, clicks, cnt, complaint, complaints, confirmed, consent,
    cost, costs, count, country, created, currency, delivered, domain, enabled, exists, fee, flag, format, frequency,
    invalid, issuer, kind, known, label, language, length, limit, locale, make, marketing, match, matched, missing,
    model, network, notification, notifications, open, opened, opens, operator, opt, optin, optout, os, pct, percent,
    permission, preference, preferences, prefix, present, price, provided, provider, quality, rate, ratio, reason,
    received, required, reset, result, revenue, sales, scheme, score, sent, size, source, state, status, subject,
    subscribed, subscription, template, total, type, unsubscribed, updated, valid, validated, validation, validity,
    verification, verified, version,
    envoye, statut, valide, verifie,
    confirmado, enviado, situacao, tipo, validado, valido, verificado
"""
"""A name with such a word right behind the personal one, or at its end, only says something about it."""

DATES = "at, date, datetime, day, dt, hour, month, on, time, timestamp, ts, week, year"
"""As ``BEHIND``, but only at the end of a name and not for dates themselves: ``email_sent_at``, not ``birth_date``."""

TALK = """
    whether, if, flag, indicates, true, when, number, count, total, share, rate, percentage, type, status, time, date,
    hash, indique, nombre, si, quand, statut, indica, quantidade, se, quando, estado
"""
"""A description that begins with such a word only says something about personal data."""

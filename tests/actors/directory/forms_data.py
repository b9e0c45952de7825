"""What a browser sends from the page of an actor."""


def rows(prefix, *given):
    data = {f"{prefix}-TOTAL_FORMS": str(len(given)), f"{prefix}-INITIAL_FORMS": "0"}
    for number, row in enumerate(given):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


def form_data(centre, *, emails=(), phones=(), **changes):
    data = {"kind": "organisation", "name": "Café Müller", "centre": str(centre.pk)}
    data |= rows("emails", *emails) | rows("phones", *phones)
    return data | {name.replace("__", "-"): value for name, value in changes.items()}

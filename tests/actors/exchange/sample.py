"""A table with the traps of real ones, written for the suite."""

HEADING = "category,id,name,street,zip_code,lat,lon,geojson_feature_id"
ROWS = [
    "cafes,1,Café Öztürk,Turmstraße 5,10551,52.5258,13.3423,x",
    "offices,2,Büro Kühn,,,52.5244,13.3468,x",
    "schools,2,Büro Kühn,,,52.5244,13.3468,x",
    "pubs,3,,Perleberger Straße 5,,52.5351,13.3555,x",
    "playgrounds,4,,,,52.5182,13.3461,x",
    'restaurants,5,"Zum ""Anker"", am Hafen",Ufer 1,,52.52,13.36,x',
]


def table(*rows, heading=HEADING):
    return "\n".join([heading, *(rows or ROWS)]) + "\n"

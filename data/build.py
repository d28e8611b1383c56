#!/usr/bin/env python3
"""Makes the reference and sample data in this folder from their published packages.

    pip download --no-deps tracktable-data==1.7.3.1 && unzip tracktable_data-*.whl -d tracktable
    npm pack world-atlas@2.0.2 && mkdir atlas && tar xzf world-atlas-2.0.2.tgz -C atlas
    python3 data/build.py tracktable/tracktable_data atlas/package/land-10m.json

Standard library only, deterministic (gzip with no name and mtime 0). Prints size, rows and sha256 of
each product; README.md here lists the same. What each product holds is said at its function.
"""

import csv
import gzip
import hashlib
import json
import math
import struct
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
EARTH_RADIUS_M = 6_371_008.8  # as in src/geodesy
METRES_PER_NAUTICAL_MILE = 1852.0


def write(name, data, note):
    (HERE / name).write_bytes(data)
    print(f"{name}: {len(data):,} bytes, {note}, sha256 {hashlib.sha256(data).hexdigest()}")


def csv_gz(header, rows):
    text = "\n".join(",".join(row) for row in [header, *rows]) + "\n"
    return gzip.compress(text.encode(), 9, mtime=0)


def plain(number):
    """`60.0` as `60`: codes and whole metres were stored as floating point on the way."""
    return number[:-2] if number.endswith(".0") else number


def harbour_hour(folder):
    """One hour of New York Harbor: every row and value of the package's copy, columns named and ordered
    as MarineCadastre publishes them. Dropped: `ETA`, which no MarineCadastre file has."""
    columns = {
        "MMSI": "MMSI", "BaseDateTime": "BaseDateTime", "LAT": "LAT", "LON": "LON", "SOG": "SOG",
        "COG": "COG", "Heading": "Heading", "VesselName": "VesselName", "IMO": "IMO",
        "CallSign": "CallSign", "VesselType": "VesselType", "Status": "Status", "Length": "Length",
        "Width": "Width", "Draft": "Draft", "Cargo": "Cargo", "TransceiverClass": "TranscieverClass",
    }
    whole = {"Heading", "VesselType", "Status", "Length", "Width", "Cargo"}
    with open(folder / "python_example_data/NYHarbor_2020_06_30_first_hour.csv", encoding="utf-8") as file:
        rows = [
            [plain(row[old]) if new in whole else row[old] for new, old in columns.items()]
            for row in csv.DictReader(file)
        ]
    assert not any("," in cell or '"' in cell for row in rows for cell in row)
    write("ny_harbor_2020-06-30T00.csv.gz", csv_gz(list(columns), rows), f"{len(rows):,} rows")


def coastal_day(folder):
    """A day along the coasts of the United States: the fixes of all trips, sorted by time and MMSI, equal
    rows once. Positions only: the package keeps no speed, course or particulars, and cut moored ships."""
    rows = set()
    with open(folder / "python_example_data/US_coastal_2020_06_30.traj", encoding="utf-8") as file:
        for line in file:
            cells = line.rstrip("\n").split(",")
            # Header of a trip: *T*, id, domain, points, properties; of its points: *P*, domain, 2, 1, 1, 0.
            start = cells.index("*P*")
            points = cells[start + 6:]
            # Each point: object id, time, longitude, latitude.
            assert len(points) == 4 * int(cells[3]), cells[:12]
            for i in range(0, len(points), 4):
                mmsi, time, lon, lat = points[i:i + 4]
                rows.add((time.replace(" ", "T"), int(mmsi), lat, lon))
    rows = [[str(mmsi), time, lat, lon] for time, mmsi, lat, lon in sorted(rows)]
    header = ["MMSI", "BaseDateTime", "LAT", "LON"]
    write("us_coast_2020-06-30.csv.gz", csv_gz(header, rows), f"{len(rows):,} rows")


def varint(n):
    n = n << 1 if n >= 0 else (-n << 1) - 1  # zigzag
    out = bytearray()
    while n > 0x7F:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    out.append(n)
    return bytes(out)


def land(path):
    """Land as closed rings on the grid of the TopoJSON file. All integers little-endian:

    magic `LAND1` and three zero bytes; scale and offset of longitude, scale and offset of latitude (f64,
    degrees = grid * scale + offset); number of rings (u32); then per ring its number of points (the first
    isn't repeated) and the points as differences of longitude and latitude to the point before, the
    ring's first to the last ring's first, all as zigzag LEB128. A longitude step is the short way round.
    """
    topology = json.loads(Path(path).read_text())
    (sx, sy), (ox, oy) = topology["transform"]["scale"], topology["transform"]["translate"]
    turn = round(360 / sx)
    arcs = []
    for deltas in topology["arcs"]:
        x = y = 0
        arcs.append([(x := x + dx, y := y + dy) for dx, dy in deltas])
    rings = []
    for geometry in topology["objects"]["land"]["geometries"]:
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        for ring in (ring for polygon in polygons for ring in polygon):
            points = []
            for arc in ring:
                line = arcs[arc] if arc >= 0 else arcs[~arc][::-1]
                points += line[1:] if points else line
            assert points[0] == points[-1]
            kept = []
            for x, y in points[:-1]:
                x %= turn  # 180 degrees east is 180 degrees west
                if not kept or kept[-1] != (x, y):
                    kept.append((x, y))
            while len(kept) > 1 and kept[0] == kept[-1]:
                kept.pop()
            if len(kept) >= 3:
                rings.append(kept)
    out = bytearray(b"LAND1\0\0\0" + struct.pack("<4dI", sx, ox, sy, oy, len(rings)))
    first = (0, 0)
    for ring in rings:
        out += varint(len(ring))
        last = first
        for x, y in ring:
            dx = (x - last[0] + turn // 2) % turn - turn // 2
            out += varint(dx) + varint(y - last[1])
            last = (x, y)
        first = ring[0]
    write("land.bin", bytes(out), f"{len(rings):,} rings, {sum(map(len, rings)):,} points")


def ports(folder):
    """The World Port Index: number, name, country, harbour size, place. (The package's copy has a UN/LOCODE
    for 34 ports only.)"""
    sizes = {"Large": "L", "Medium": "M", "Small": "S", "Very Small": "V"}
    lines = []
    with open(folder / "python_info_data/ports.csv", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            text = [" ".join(row[key].replace(",", " ").split()) for key in ("Main Port Name", "Country Code")]
            place = [f"{float(row[key]):.4f}" for key in ("Longitude", "Latitude")]
            assert all(text) and '"' not in "".join(text), row
            lines.append((int(row["World Port Index Number"].split(".")[0]), *text,
                          sizes.get(row["Harbor Size"].strip(), ""), *place))
    lines.sort()
    text = "wpi,name,country,size,lon,lat\n" + "".join(",".join(map(str, line)) + "\n" for line in lines)
    write("ports.csv", text.encode(), f"{len(lines):,} ports")


def circle(lon, lat, radius_nm, corners=48):
    """A polygon whose corners lie on the circle."""
    ring = []
    reach = radius_nm * METRES_PER_NAUTICAL_MILE / EARTH_RADIUS_M
    sin_lat, cos_lat = math.sin(math.radians(lat)), math.cos(math.radians(lat))
    for i in range(corners):
        # Counter-clockwise, as RFC 7946 wants exterior rings.
        bearing = -2 * math.pi * i / corners
        there = math.asin(sin_lat * math.cos(reach) + cos_lat * math.sin(reach) * math.cos(bearing))
        turn = math.atan2(math.sin(bearing) * math.sin(reach) * cos_lat,
                          math.cos(reach) - sin_lat * math.sin(there))
        ring.append([round(lon + math.degrees(turn), 4), round(math.degrees(there), 4)])
    return ring + ring[:1]


def outline(text):
    """Corners as the Code of Federal Regulations gives them: north/west, degrees-minutes."""
    ring = []
    for corner in text.split(", "):
        lat, lon = (int(d) + float(m) / 60 for d, m in (side.split("-") for side in corner.split("/")))
        ring.append([round(-lon, 5), round(lat, 5)])
    area = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1]))
    ring = ring if area > 0 else ring[::-1]
    return ring + ring[:1]


# Outlines of the law: name, kind, confidence, corners, source. NAD 83, which differs from WGS 84 by about a
# metre.
LEGAL = [
    ("Southtex lightering zone", "lightering", "legal",
     "27-40/93-00, 27-40/94-35, 28-06.5/94-35, 27-21/96-00, 26-30/96-00, 26-30/93-00", "33 CFR 156.300(a)"),
    ("Gulfmex No. 2 lightering zone", "lightering", "legal",
     "27-53/89-00, 27-53/91-30, 26-30/91-30, 26-30/89-00", "33 CFR 156.300(b)"),
    ("Offshore Pascagoula No. 2 lightering zone", "lightering", "legal",
     "29-20/87-00, 29-12/87-45, 28-39/88-00, 28-00/88-00, 28-00/87-00", "33 CFR 156.300(c)"),
    ("South Sabine Point lightering zone", "lightering", "stated",
     "28-30/92-38, 28-44/93-24, 28-33/94-00, 28-18/94-00, 28-18/92-38",
     "33 CFR 156.300(d): the first two corners; the others follow from the prohibited areas beside it"),
    ("Claypile prohibited area", "prohibited", "legal",
     "28-15/94-35, 27-40/94-35, 27-40/94-00, 28-33/94-00", "33 CFR 156.310"),
    ("Flower Garden prohibited area", "prohibited", "legal",
     "27-40/94-00, 28-18/94-00, 28-18/92-38, 28-30/92-38, 28-15/91-30, 27-40/91-30", "33 CFR 156.310"),
    ("Ewing prohibited area", "prohibited", "legal",
     "27-53/91-30, 28-15/91-30, 28-15/90-10, 27-53/90-10", "33 CFR 156.310"),
]

# Circles about places that a source states or names: name, kind, confidence, longitude, latitude, radius
# (nautical miles), first day it counts, first day it counts no more, source.
CIRCLES = [
    ("East China Sea, east of Shanghai", "transfer", "stated", 124.35, 31.1, 40, None, None,
     "Japan, foreign and defence ministries 2018-2020: transfers 240 to 250 km east of Shanghai"),
    ("East China Sea, south-east of Shanghai", "transfer", "stated", 124.6, 28.5, 40, None, None,
     "Japan, defence ministry: transfer on 2018-07-31, 400 km south-east of Shanghai"),
    ("Off eastern Johor (EOPL, Tompok Utara)", "transfer", "stated", 104.6, 1.93, 25, None, None,
     "Press 2025: 70 km off Johor; Malaysian coastguard cases 14 and 32 nautical miles east of Tanjung "
     "Sedili Besar; declared closed by Malaysia on 2025-07-31, in use after that"),
    ("Off Penang", "transfer", "approximate", 99.85, 5.4, 20, None, None,
     "Malaysian coastguard: case 24 nautical miles off Penang, direction not stated"),
    ("Laconian Gulf", "transfer", "stated", 22.8, 36.45, 15, None, "2024-05-01",
     "Trade press: 6 nautical miles off Laconia; closed by Greek navigational warnings from May 2024"),
    ("Hurd's Bank, Malta", "transfer", "stated", 14.8, 35.87, 8, None, None,
     "Press: 16 nautical miles off Malta, about 30 km across, 30 to 50 m deep"),
    ("Kerch south roads (Kavkaz area 3)", "transfer", "stated", 36.6, 45.0, 12, None, None,
     "Ports of Russia: area 3 of Kavkaz; Ballinger 2024 (arXiv 2404.07607)"),
    ("Messinian Gulf off Kalamata", "transfer", "approximate", 22.1, 36.85, 12, None, None, "Named in the press"),
    ("Off Ceuta", "transfer", "approximate", -5.2, 35.92, 8, None, None, "Named in the press"),
    ("Off Nador", "transfer", "approximate", -2.7, 35.4, 12, None, None,
     "Press 2024: eastern end of Morocco's Mediterranean coast"),
    ("Off Augusta", "transfer", "approximate", 15.35, 37.15, 10, None, None,
     "Trade press: 9 % of 122 transfers of May to July 2024"),
    ("Off Port Said and Damietta", "transfer", "approximate", 32.2, 31.6, 25, None, None, "Press 2023-2024"),
    ("Off Sidi Kerir", "transfer", "approximate", 29.6, 31.2, 12, None, None, "Press: transfer on 2024-08-10"),
    ("Off Lome", "transfer", "approximate", 1.4, 5.95, 20, None, None,
     "Trade press: 7 % of 122 transfers of May to July 2024"),
    ("Skaw", "anchorage", "approximate", 10.75, 57.75, 10, None, None, "Named in the press"),
    ("Southwold", "lightering", "approximate", 1.95, 52.25, 8, None, None,
     "United Kingdom, SI 2020/94: the permit area, whose outline isn't used here"),
    ("Off Fujairah and Khor Fakkan", "anchorage", "approximate", 56.55, 25.25, 20, None, None,
     "Trade knowledge: a hub of bunkering and transfers"),
    ("Galveston Offshore Lightering Area", "lightering", "approximate", -94.5, 28.7, 25, None, None,
     "Named by the trade; outline not known"),
    ("Southwest Pass lightering area", "lightering", "approximate", -89.9, 28.6, 20, None, None,
     "Named by the trade; outline not known"),
    ("Big Stone Anchorage, Delaware Bay", "lightering", "approximate", -75.2, 38.98, 5, None, None,
     "National Research Council 1998, Oil Spill Risks from Tank Vessel Lightering"),
    ("Pacific Area Lightering, off San Diego", "lightering", "approximate", -119.0, 32.0, 40, None, None,
     "Named by the trade; outline not known"),
    ("Yeosu and Gwangyang anchorages", "anchorage", "approximate", 127.9, 34.6, 15, None, None,
     "Port of loading in cases of 2017 (Republic of Korea, foreign ministry)"),
    ("West of Taiwan", "transfer", "approximate", 118.8, 23.5, 40, None, None,
     "Reports of the UN Panel of Experts, without positions"),
    ("Nampo approaches", "port_approach", "approximate", 125.1, 38.65, 20, None, None,
     "Reports of the UN Panel of Experts: port of delivery"),
    ("Sungai Linggi", "anchorage", "approximate", 101.95, 2.35, 8, None, None, "Trade knowledge"),
    ("Nipah and Karimun", "anchorage", "approximate", 103.55, 1.12, 10, None, None, "Trade knowledge"),
]


def zones():
    """Zones of transfers as GeoJSON, one feature a line, from the tables above."""
    features = []

    def add(name, kind, confidence, ring, first, end, source):
        properties = {"name": name, "kind": kind, "confidence": confidence, "valid_from": first,
                      "valid_to": end, "source": source}
        features.append({"type": "Feature", "properties": properties,
                         "geometry": {"type": "Polygon", "coordinates": [ring]}})

    for name, kind, confidence, corners, source in LEGAL:
        add(name, kind, confidence, outline(corners), None, None, source)
    for name, kind, confidence, lon, lat, radius_nm, first, end, source in CIRCLES:
        source += f"; drawn as a circle of {radius_nm} nautical miles"
        add(name, kind, confidence, circle(lon, lat, radius_nm), first, end, source)
    lines = ",\n".join(json.dumps(feature, separators=(",", ":")) for feature in features)
    text = f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'
    write("sts_zones.geojson", text.encode(), f"{len(features)} zones")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    harbour_hour(Path(sys.argv[1]))
    coastal_day(Path(sys.argv[1]))
    land(sys.argv[2])
    ports(Path(sys.argv[1]))
    zones()

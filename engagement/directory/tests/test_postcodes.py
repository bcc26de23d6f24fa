"""Postcodes come from files of three kinds, safely twice, and a wrong line is named and changes nothing."""

import gzip
import zipfile
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from chatr.audit.models import AuditEvent

from ..models import Postcode
from ..operations.postcodes import SHIPPED, Loaded, lay_shipped_down, load_postcodes
from ..postcodes.files import read_postcodes
from ..queries.postcodes import find
from ..rules.postcodes import is_outcode, is_postcode, spaced
from .making import CITY, HACKNEY, put_postcode

OURS = "postcode,latitude,longitude,borough\nZZ1 1AA,51.545,-0.055,Hackney\nZZ1 1AB,51.515,-0.091,E09000001\n"
# Columns as they are in the directory of the Office for National Statistics, most of them left out
ONSPD = (
    "pcd,pcd2,pcds,dointr,doterm,oslaua,oseast1m,osnrth1m,osgrdind,lat,long\n"
    '"ZZ1 1AA","ZZ1  1AA","ZZ1 1AA","198001","","E09000012","0534900","0184700","1",51.545,-0.055\n'
    '"ZZ1 1AC","ZZ1  1AC","ZZ1 1AC","198001","201903","E09000012","0534910","0184710","1",51.5451,-0.0551\n'
    '"ZZ1 1AD","ZZ1  1AD","ZZ1 1AD","202401","","L99999999","","","9",99.999999,0.000000\n'
    '"BT1 1AA","BT1  1AA","BT1 1AA","198001","","N09000003","0333700","0374200","1",54.6,-5.93\n'
)
NEWER_ONSPD = (
    "pcd7,pcd8,pcds,dointr,doterm,lad25cd,east1m,north1m,gridind,lat,long\n"
    "ZZ11AA,ZZ1  1AA,ZZ1 1AA,198001,,E09000012,534900,184700,1,51.545,-0.055\n"
)
CODE_POINT = (
    '"ZZ1 1AA",10,534900,184700,"E92000001","E19000003","E18000007","","E09000012","E05009373"\n'
    '"ZZ11AE",90,0,0,"E92000001","","","","E09000012",""\n'
)


@pytest.fixture
def written(tmp_path):
    """``written(text, name)``: a file with these words, and where it is."""

    def write(text, name="file.csv"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write


def load(path) -> Loaded:
    return load_postcodes(path=path, by=None)


@pytest.mark.parametrize("text", ["e8 1dy", "E81DY", " E8  1DY ", "e8-1dy"])
def test_behaviour_18_a_postcode_is_found_however_it_is_spaced(db, text):
    assert (str(find(text)), find(text).gss) == ("E8 1DY", HACKNEY)


def test_shapes_of_postcodes_and_first_halves():
    assert [is_postcode(text) for text in ("E8 1DY", "EC1A1BB", "E8", "hackney", "75001", "")] == [True, True] + [
        False
    ] * 4
    assert [is_outcode(text) for text in ("E8", "ec2a", "E8 1DY", "75001", "")] == [True, True, False, False, False]
    assert (spaced("e81dy"), spaced("e8")) == ("E8 1DY", "E8")


def test_the_seven_boroughs_are_there_from_the_start_in_both_kinds_of_coordinates(db):
    assert Postcode.objects.count() == 29_778
    assert Postcode.objects.filter(gss=HACKNEY).count() == 4_395
    assert Postcode.objects.filter(gss=CITY).count() == 1_744
    town_hall = find("E8 1EA")
    assert town_hall.outcode == "E8"
    assert (town_hall.latitude, town_hall.longitude) == pytest.approx((51.545, -0.056), abs=0.002)
    # Ordnance Survey puts Hackney Town Hall at TQ 347 844 or so
    assert abs(town_hall.bng[0] - 534_750) < 500 and abs(town_hall.bng[1] - 184_600) < 500


def test_what_is_shipped_is_laid_down_only_where_there_is_nothing(db):
    Postcode.objects.exclude(code="E81DY").delete()
    lay_shipped_down()
    assert Postcode.objects.count() == 1
    Postcode.objects.all().delete()
    lay_shipped_down()
    assert Postcode.objects.count() == 29_778
    assert len(list(read_postcodes(SHIPPED))) == 29_778


def test_our_own_kind_of_file_is_read_and_the_grid_worked_out(db, written):
    loaded = load(written(OURS))
    assert (loaded.new, loaded.changed, loaded.same) == (2, 0, 0)
    first, second = find("ZZ1 1AA"), find("ZZ1 1AB")
    assert (first.gss, second.gss) == (HACKNEY, CITY)
    assert first.bng == pytest.approx((534_969, 184_694), abs=6)


def test_the_ons_directory_keeps_those_no_longer_used_and_counts_those_without_a_place(db, written):
    loaded = load(written(ONSPD))
    assert (loaded.new, loaded.terminated, loaded.without_point) == (3, 1, 1)
    assert find("ZZ1 1AC").terminated_on == date(2019, 3, 1)
    assert find("ZZ1 1AA").bng == (534_900, 184_700)
    assert find("ZZ1 1AD") is None


def test_northern_ireland_is_placed_by_its_degrees_because_its_grid_is_another(db, written):
    load(written(ONSPD))
    easting, northing = find("BT1 1AA").bng
    assert 140_000 < easting < 160_000 and 520_000 < northing < 540_000


def test_the_newer_names_of_its_columns_are_known_too(db, written):
    assert load(written(NEWER_ONSPD)).new == 1
    assert (find("ZZ1 1AA").gss, find("ZZ1 1AA").bng) == (HACKNEY, (534_900, 184_700))


def test_code_point_open_is_read_and_its_degrees_worked_out(db, written):
    loaded = load(written(CODE_POINT))
    assert (loaded.new, loaded.without_point) == (1, 1)
    assert (find("zz11aa").latitude, find("zz11aa").longitude) == pytest.approx((51.545, -0.056), abs=0.002)


def test_a_folder_a_zip_and_a_packed_file_are_read_as_what_is_in_them(db, written, tmp_path):
    written("PC,PQ\nPostcode,Quality\n", "open/Doc/headers.csv")
    written(CODE_POINT, "open/Data/CSV/zz.csv")
    written(CODE_POINT, "open/Data/multi_csv/zz.csv")
    assert load(tmp_path / "open").new == 1
    with zipfile.ZipFile(tmp_path / "open.zip", "w") as archive:
        archive.write(tmp_path / "open/Doc/headers.csv", "Doc/headers.csv")
        archive.write(tmp_path / "open/Data/CSV/zz.csv", "Data/CSV/zz.csv")
    assert load(tmp_path / "open.zip").same == 1
    assert load(written(gzip.compress(CODE_POINT.encode()), "zz.csv.gz")).same == 1


def test_loading_twice_changes_nothing_and_says_so(db, written):
    load(written(OURS))
    again = load(written(OURS))
    assert (again.new, again.changed, again.same) == (0, 0, 2)
    moved = load(written(OURS.replace("51.545", "51.546")))
    assert (moved.new, moved.changed, moved.same) == (0, 1, 1)
    event = AuditEvent.objects.filter(action="directory.postcodes_loaded").latest("pk")
    assert event.details == {"new": 0, "changed": 1, "same": 1, "terminated": 0, "without_point": 0}


def test_a_postcode_the_file_does_not_have_stays(db, written):
    load(written(OURS))
    assert find("E8 1DY") is not None


def test_many_batches_and_the_same_postcode_twice(db, written, monkeypatch):
    monkeypatch.setattr("engagement.directory.operations.postcodes.BATCH", 2)
    twice = OURS + "ZZ1 1AC,51.5,-0.05,Hackney\nZZ1 1AC,51.6,-0.05,Hackney\nZZ1 1AC,51.7,-0.05,Hackney\n"
    loaded = load(written(twice))
    assert (loaded.new, loaded.changed) == (3, 1)
    assert find("ZZ1 1AC").latitude == 51.7


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (OURS + "E8,51.5,-0.05,Hackney\n", "Line 4 of file.csv: “E8” is not a postcode."),
        (OURS + "ZZ1 1AC,north,-0.05,Hackney\n", "Line 4 of file.csv: “north” is not a number."),
        (OURS + "ZZ1 1AC,48.85,2.35,Hackney\n", "Line 4 of file.csv: 48.85, 2.35 is not in the United Kingdom."),
        (OURS + "ZZ1 1AC,nan,-0.05,Hackney\n", "Line 4 of file.csv: nan, -0.05 is not in the United Kingdom."),
        (OURS + "ZZ1 1AC,51.5,-0.05,Camden Town\n", "Line 4 of file.csv: “Camden Town” is no borough we know"),
        (OURS + "ZZ1 1AC,51.5\n", "Line 4 of file.csv: it has 2 columns, not 4."),
        (ONSPD.replace('"201903"', '"March"'), "Line 3 of file.csv: “March” is not a month such as 201903."),
        (CODE_POINT.replace("534900", "9534900"), "Line 1 of file.csv: 9534900, 184700 is not on the British National"),
        ("name,place\nA,B\n", "file.csv is no file of postcodes we know."),
        ("", "file.csv is no file of postcodes we know."),
        (OURS.encode() + OURS.encode()[36:] * 300 + b"ZZ1 1AC,51.5,-0.05,\xff\xfe\n", "is not text we can read."),
        (OURS + "ZZ1 1AC,51.5,-0.05,\x00\n", "Line 4 of file.csv: “\x00” is no borough we know"),
        (gzip.compress(OURS.encode(), mtime=0)[:-12], "file.csv is not text we can read."),
        (b"PK\x03\x04 and nothing else", "file.csv is a damaged or locked zip file."),
        (b"\xd0\xcf\x11\xe0 an old spreadsheet", "file.csv is no file of postcodes we know."),
    ],
)
def test_a_wrong_file_is_refused_by_line_and_reason_and_changes_nothing(db, written, text, reason):
    before = Postcode.objects.count()
    with pytest.raises(CommandError) as refusal:
        call_command("load_postcodes", written(text), stdout=StringIO())
    assert reason in str(refusal.value)
    assert str(refusal.value).endswith("Nothing was changed.")
    assert Postcode.objects.count() == before


def test_a_file_that_is_not_there_and_a_folder_of_other_things_are_refused(db, tmp_path):
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("load_postcodes", tmp_path / "missing.csv", stdout=StringIO())
    with pytest.raises(CommandError, match="No file in it is one of postcodes we know"):
        call_command("load_postcodes", tmp_path, stdout=StringIO())


def test_the_command_says_what_it_did(db, written):
    said = StringIO()
    call_command("load_postcodes", written(ONSPD), stdout=said)
    assert said.getvalue().strip() == (
        "Postcodes: 3 new, 0 changed, 0 as they were. No longer in use: 1. "
        "Left out, because the file does not say where they are: 1."
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_a_test_that_commits_a_postcode_leaves_none_to_the_next(turn):
    assert Postcode.objects.count() == 29_778
    put_postcode("ZZ9 9ZZ", 51.5, -0.05)
    put_postcode("E8 1DY", 51.5, -0.05)

"""Short series of official statistics that rules are shown on, as published. Pure.

Source: Department for Education, “Characteristics of children in need”, referrals by month of
referral, years ending March 2013 to 2024. Contains public sector information licensed under the
Open Government Licence v3.0. A referral is neither good nor bad: no side of these is better.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from improve.measures.spc.series import Observed

_REFERRALS = "Referrals to children’s social care a month"


@dataclass(frozen=True, slots=True)
class OfficialSeries:
    """Months of one published series, as published."""

    where: str
    first: date
    values: tuple[int, ...]

    @property
    def months(self) -> list[date]:
        """The first day of each month."""
        start = self.first.year * 12 + self.first.month - 1
        return [date(n // 12, n % 12 + 1, 1) for n in range(start, start + len(self.values))]

    @property
    def named(self) -> str:
        """Whose numbers, for the line under the chart."""
        last = self.months[-1]
        return f"{_REFERRALS}, {self.where}, {self.first:%B %Y} to {last:%B %Y}."

    def observed(self, *, without: date | None = None) -> list[Observed]:
        """The months as the engine takes them, one of them left out."""
        return [
            Observed(day, float(value), is_excluded=day == without)
            for day, value in zip(self.months, self.values, strict=True)
        ]


# fmt: off
DURHAM_2016 = OfficialSeries("County Durham", date(2016, 1, 1), (
    454, 402, 464, 402, 465, 420, 376, 358, 342, 433, 468, 468,
    451, 445, 498, 354, 607, 520, 480, 386, 404, 476, 492, 425,
))
LANCASHIRE_2016 = OfficialSeries("Lancashire", date(2016, 1, 1), (
    969, 948, 1115, 1043, 1025, 1135, 991, 846, 1009, 1098, 912, 887,
    799, 656, 937, 675, 1039, 1022, 934, 839, 799, 1016, 1193, 869,
))
DURHAM_2018 = OfficialSeries("County Durham", date(2018, 1, 1), (
    536, 440, 468, 428, 505, 531, 691, 514, 655, 644, 565, 511,
    569, 477, 514, 406, 464, 477, 470, 458, 615, 642, 546, 486,
))
STOCKPORT_2022 = OfficialSeries("Stockport", date(2022, 4, 1), (
    305, 383, 333, 311, 226, 205, 250, 290, 228, 208, 226, 268,
    276, 296, 300, 320, 252, 246, 320, 257, 251, 344, 303, 282,
))
KENT_2017 = OfficialSeries("Kent", date(2017, 10, 1), (
    1607, 1888, 1370, 1658, 1257, 1479, 1173, 1584, 1525, 1607, 1368, 1548,
    1471, 1682, 1224, 1638, 1530, 1933, 1659, 1800, 2098, 2047, 1607, 1732,
))
HAMPSHIRE_2018 = OfficialSeries("Hampshire", date(2018, 1, 1), (
    1322, 1264, 1377, 1361, 1566, 1748, 1910, 1306, 1433, 1497, 1785, 1420,
    1401, 1422, 1559, 1624, 1601, 1647, 1959, 1523, 1661, 1625, 1744, 1594,
))
ENGLAND_2019 = OfficialSeries("England", date(2019, 4, 1), (
    50940, 56000, 55010, 60950, 45070, 53260, 58540, 55790, 48020, 58960, 52660, 47780,
    37570, 43440, 53950, 54300, 44620, 55650, 55630, 54990, 48930, 44690, 45110, 58890,
))
# fmt: on

from .common import MeteringCommon


class LossesCommon(MeteringCommon):
    """N-0 source ── N-1 main ── CW-H inlet of house 12 ── R-1 riser (no meter) ── CW-1, CW-2
    │                         └─ CW-3
    └─ N-7 inlet of the private house
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = cls.make_point(cls.water, cls.town, "N-0", kind="source")
        cls.main = cls.make_point(cls.water, cls.street, "N-1", cls.source, kind="main")
        cls.inlet.parent_id = cls.main
        cls.riser = cls.make_point(cls.water, cls.house, "R-1", cls.inlet, kind="riser")
        (cls.point | cls.point_2).parent_id = cls.riser
        cls.private = cls.make_point(cls.water, cls.private_house, "N-7", cls.main, kind="inlet")
        cls.balances = cls.env["utility.network.balance"]
        cls.suspicions = cls.env["utility.suspicion"]

    @classmethod
    def make_usage(cls, point, quantity, start="2026-02-01", end="2026-02-28", **vals):
        return cls.env["utility.usage"].create(
            {
                "service_point_id": point.id,
                "date_start": start,
                "date_end": end,
                "quantity": quantity,
                "method": "measured",
                **vals,
            }
        )

    @classmethod
    def void_usage(cls, point):
        point.usage_ids.voided_at = "2026-03-10 10:00:00"
        cls.env.flush_all()

    @classmethod
    def use(cls, month, **quantities):
        """Measured usage in a month, by the names of the points in this class."""
        first, last = cls.month(month)
        for name, quantity in quantities.items():
            cls.make_usage(getattr(cls, name), quantity, first, last)

    @classmethod
    def month(cls, text):
        """First and last day of a month such as 2026-02."""
        return cls.env["utility.network.balance"]._months(
            cls.day(f"{text}-01"), cls.day(f"{text}-01")
        )[0]

    @classmethod
    def balance(cls, point, month="2026-02"):
        return cls.balances.search(
            [("service_point_id", "=", point.id), ("date_start", "=", f"{month}-01")]
        )

    @classmethod
    def calculate(cls, first="2026-02", last=None, base=()):
        cls.balances._calculate(
            cls.water,
            cls.day(f"{first}-01"),
            cls.day(f"{last or first}-01"),
            *(cls.day(f"{month}-01") for month in base),
        )

    @classmethod
    def suspicion(cls, point, month="2026-02"):
        cls.suspicions._calculate(cls.water, cls.day(f"{month}-01"))
        return cls.suspicions.search(
            [("service_point_id", "=", point.id), ("date_start", "=", f"{month}-01")]
        )

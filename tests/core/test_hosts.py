"""Host names that look like an office's are told from other counties' (BEHAVIOURS 6, FIELD 4)."""

from __future__ import annotations

import pytest

from crawler.core.hosts import Genuine

GENUINE = Genuine(["www.linxia.gov.cn", "jyj.linxia.gov.cn", "www.lxs.gov.cn", "www.hezheng.gov.cn"])


@pytest.mark.parametrize(
    "host",
    [
        "linxia-gov.cn", "1inxia.gov.cn", "linxia.gov.cn.com", "www.linxia.gov.cn.evil.top", "lin-xia.gov.cn",
        "linxa.gov.cn", "linxai.gov.cn", "linxia.g0v.cn", "linxia.gov.com.cn", "www.linxiagov.com",
        "xn--linxi-5nf.gov.cn", "linxia.gov-cn.com", "LINXIA-GOV.CN",
    ],
)  # fmt: skip
def test_a_look_alike_is_named(host: str) -> None:
    assert GENUINE.imitated(host) == "linxia.gov.cn"


@pytest.mark.parametrize(
    "host",
    [
        "www.linxia.gov.cn", "linxia.gov.cn", "fgw.linxia.gov.cn", "linxi.gov.cn", "linxian.gov.cn", "linyi.gov.cn",
        "lxx.gov.cn", "lxz.gov.cn", "linxia.com", "www.gansu.gov.cn", "e-gov.org.cn", "hezhang.gov.cn", "jinxia.gov.cn",
        "www.gov.cn", "zfwzgl.www.gov.cn", "10.1.1.1", "", "a" * 300, "xn--" + "9" * 80,
    ],
)  # fmt: skip
def test_another_office_is_another_office(host: str) -> None:
    assert GENUINE.imitated(host) == ""

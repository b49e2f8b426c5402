"""The table as Python functions of floats.

Written by ``python -m autograd.compiler`` from the entries of ``ops.py``: change those.
"""

from collections.abc import Callable
from math import cos, cosh, erfc, exp, expm1, fabs, hypot, log, log1p, nan, sin, sinh, sqrt, tanh


def branch(x1: float, x2: float, x3: float) -> float:
    return x2 if x1 > 0.0 else x3


def strong_mul(x1: float, x2: float) -> float:
    v1 = x2 - x2
    v2 = 1.0 + v1
    v3 = -x1
    v4 = x1 if x1 > 0.0 else v3
    v5 = 1.0 if v2 > 0.0 else v4
    v6 = x2 if v5 > 0.0 else 0.0
    return x1 * v6


def guard(x1: float, x2: float) -> float:
    v1 = 1.0 if x1 > 0.0 else 0.0 if x1 <= 0.0 else x1
    v2 = 1.0 - v1
    return 0.0 if v2 > 0.0 else x2


def unit(x1: float, x2: float) -> float:
    v1 = hypot(x1, x2)
    v2 = v1 if v1 > 0.0 else 1.0
    v3 = x1 / v2
    return v3 if v1 > 0.0 else 0.0


def inversion(x1: float, x2: float) -> float:
    v1 = hypot(x1, x2)
    v2 = v1 if v1 > 0.0 else 1.0
    v3 = x1 / v2
    v4 = v3 if v1 > 0.0 else 0.0
    return v4 / v2


def sech(x1: float) -> float:
    v1 = fabs(x1)
    v2 = -v1
    v3 = exp(v2)
    v4 = 2.0 * v3
    v5 = v3 * v3
    v6 = 1.0 + v5
    return v4 / v6


def gaussian(x1: float) -> float:
    v1 = x1 if x1 <= 64.0 or x1 != x1 else 64.0
    v2 = v1 if v1 >= (-64.0) or v1 != v1 else (-64.0)
    v3 = 6442450944.0 + v2
    v4 = v3 - 6442450944.0
    v5 = v2 - v4
    v6 = (-1.0) * v4
    v7 = v4 * v6
    v8 = exp(v7)
    v9 = (-1.0) * v5
    v10 = v2 + v4
    v11 = v9 * v10
    v12 = exp(v11)
    return v8 * v12


def normal_density(x1: float) -> float:
    v1 = x1 if x1 <= 64.0 or x1 != x1 else 64.0
    v2 = v1 if v1 >= (-64.0) or v1 != v1 else (-64.0)
    v3 = 6442450944.0 + v2
    v4 = v3 - 6442450944.0
    v5 = v2 - v4
    v6 = (-0.5) * v4
    v7 = v4 * v6
    v8 = exp(v7)
    v9 = (-0.5) * v5
    v10 = v2 + v4
    v11 = v9 * v10
    v12 = exp(v11)
    v13 = v8 * v12
    return v13 / 2.5066282746310002


def normal_cdf(x1: float) -> float:
    v1 = x1 if x1 <= 64.0 or x1 != x1 else 64.0
    v2 = v1 if v1 >= (-64.0) or v1 != v1 else (-64.0)
    v3 = 6442450944.0 + v2
    v4 = v3 - 6442450944.0
    v5 = v2 - v4
    v6 = 0.7071067811865476 * v2
    v7 = 0.7071067839860916 * v4
    v8 = v7 - v6
    v9 = (-2.799544089368687e-09) * v4
    v10 = 0.7071067811865476 * v5
    v11 = v9 + v10
    v12 = v8 + v11
    v13 = -v6
    v14 = erfc(v13)
    v15 = 0.5 * v14
    v16 = v6 * v13
    v17 = exp(v16)
    v18 = v17 / 1.7724538509055159
    v19 = v12 * v18
    return v15 + v19


def sigmoid(x1: float) -> float:
    v1 = fabs(x1)
    v2 = -v1
    v3 = exp(v2)
    v4 = 1.0 if x1 > 0.0 else 0.0 if x1 <= 0.0 else x1
    v5 = v4 if v4 >= v3 or v4 != v4 else v3
    v6 = 1.0 + v3
    return v5 / v6


def softplus(x1: float) -> float:
    v1 = x1 if x1 >= 0.0 or x1 != x1 else 0.0
    v2 = fabs(x1)
    v3 = -v2
    v4 = exp(v3)
    v5 = log1p(v4)
    return v1 + v5


def log_sigmoid(x1: float) -> float:
    v1 = x1 if x1 <= 0.0 or x1 != x1 else 0.0
    v2 = fabs(x1)
    v3 = -v2
    v4 = exp(v3)
    v5 = log1p(v4)
    return v1 - v5


def relu(x1: float) -> float:
    return x1 if x1 >= 0.0 or x1 != x1 else 0.0


def leaky_relu(x1: float) -> float:
    v1 = x1 if x1 >= 0.0 or x1 != x1 else 0.0
    v2 = x1 if x1 <= 0.0 or x1 != x1 else 0.0
    v3 = 0.01 * v2
    return v1 + v3


def elu(x1: float) -> float:
    v1 = x1 if x1 >= 0.0 or x1 != x1 else 0.0
    v2 = x1 if x1 <= 0.0 or x1 != x1 else 0.0
    v3 = expm1(v2)
    return v1 + v3


def gelu(x1: float) -> float:
    v1 = x1 if x1 <= 64.0 or x1 != x1 else 64.0
    v2 = v1 if v1 >= (-64.0) or v1 != v1 else (-64.0)
    v3 = 6442450944.0 + v2
    v4 = v3 - 6442450944.0
    v5 = v2 - v4
    v6 = 0.7071067811865476 * v2
    v7 = 0.7071067839860916 * v4
    v8 = v7 - v6
    v9 = (-2.799544089368687e-09) * v4
    v10 = 0.7071067811865476 * v5
    v11 = v9 + v10
    v12 = v8 + v11
    v13 = -v6
    v14 = erfc(v13)
    v15 = 0.5 * v14
    v16 = v6 * v13
    v17 = exp(v16)
    v18 = v17 / 1.7724538509055159
    v19 = v12 * v18
    v20 = v15 + v19
    return x1 * v20


def silu(x1: float) -> float:
    v1 = fabs(x1)
    v2 = -v1
    v3 = exp(v2)
    v4 = 1.0 if x1 > 0.0 else 0.0 if x1 <= 0.0 else x1
    v5 = v4 if v4 >= v3 or v4 != v4 else v3
    v6 = 1.0 + v3
    v7 = v5 / v6
    return x1 * v7


def finite(x1: float) -> float:
    v1 = fabs(x1)
    v2 = 1.7976931348623157e308 - v1
    v3 = 1.0 if x1 > 0.0 else -1.0 if x1 < 0.0 else x1
    v4 = 1.7976931348623157e308 * v3
    return x1 if v2 > 0.0 else v4


def logaddexp(x1: float, x2: float) -> float:
    v1 = x1 if x1 >= x2 or x1 != x1 else x2
    v2 = x1 - x2
    v3 = fabs(v2)
    v4 = -v3
    v5 = v4 if v3 > 0.0 else 0.0
    v6 = exp(v5)
    v7 = log1p(v6)
    return v1 + v7


def abs_1(y: float, x1: float) -> float:
    v1 = -x1
    v2 = (-1.0) if v1 > 0.0 else x1
    return 1.0 if x1 > 0.0 else v2


def pow_log_2(y: float, x1: float, x2: float) -> float:
    v1 = fabs(x1)
    v2 = x1 if v1 > 0.0 else 1.0
    v3 = log(v2)
    v4 = y * v3
    return v4 if v1 > 0.0 else y


def where_2(y: float, x1: float, x2: float, x3: float) -> float:
    return 1.0 if x1 > 0.0 else 0.0


def where_3(y: float, x1: float, x2: float, x3: float) -> float:
    return 0.0 if x1 > 0.0 else 1.0


def branch_1(y: float, x1: float, x2: float, x3: float) -> float:
    v1 = fabs(x1)
    return 0.0 if v1 > 0.0 else nan


def branch_2(y: float, x1: float, x2: float, x3: float) -> float:
    return 1.0 if x1 > 0.0 else 0.0


def branch_3(y: float, x1: float, x2: float, x3: float) -> float:
    return 0.0 if x1 > 0.0 else 1.0


def minimum_1(y: float, x1: float, x2: float) -> float:
    v1 = x2 - x1
    v2 = x1 - x2
    v3 = 0.0 if v2 > 0.0 else 0.5
    return 1.0 if v1 > 0.0 else v3


def minimum_2(y: float, x1: float, x2: float) -> float:
    v1 = x1 - x2
    v2 = x2 - x1
    v3 = 0.0 if v2 > 0.0 else 0.5
    return 1.0 if v1 > 0.0 else v3


def maximum_1(y: float, x1: float, x2: float) -> float:
    v1 = x1 - x2
    v2 = x2 - x1
    v3 = 0.0 if v2 > 0.0 else 0.5
    return 1.0 if v1 > 0.0 else v3


def maximum_2(y: float, x1: float, x2: float) -> float:
    v1 = x2 - x1
    v2 = x1 - x2
    v3 = 0.0 if v2 > 0.0 else 0.5
    return 1.0 if v1 > 0.0 else v3


def strong_mul_1(y: float, x1: float, x2: float) -> float:
    v1 = x2 - x2
    v2 = 1.0 + v1
    v3 = -x1
    v4 = x1 if x1 > 0.0 else v3
    v5 = 1.0 if v2 > 0.0 else v4
    return x2 if v5 > 0.0 else nan


def guard_1(y: float, x1: float, x2: float) -> float:
    v1 = 1.0 if x1 > 0.0 else 0.0 if x1 <= 0.0 else x1
    return 0.0 * v1


def guard_2(y: float, x1: float, x2: float) -> float:
    v1 = 1.0 if x1 > 0.0 else 0.0 if x1 <= 0.0 else x1
    v2 = 1.0 - v1
    return 0.0 if v2 > 0.0 else 1.0


def expm1_1(y: float, x1: float) -> float:
    return exp(x1)


def sin_1(y: float, x1: float) -> float:
    return cos(x1)


def cos_1(y: float, x1: float) -> float:
    v1 = sin(x1)
    return -v1


def asin_1(y: float, x1: float) -> float:
    v1 = fabs(x1)
    v2 = 0.5 - v1
    v3 = x1 * x1
    v4 = 1.0 - v3
    v5 = 1.0 - x1
    v6 = x1 + 1.0
    v7 = v5 * v6
    v8 = v4 if v2 > 0.0 else v7
    v9 = sqrt(v8)
    return 1.0 / v9


def acos_1(y: float, x1: float) -> float:
    v1 = fabs(x1)
    v2 = 0.5 - v1
    v3 = x1 * x1
    v4 = 1.0 - v3
    v5 = 1.0 - x1
    v6 = x1 + 1.0
    v7 = v5 * v6
    v8 = v4 if v2 > 0.0 else v7
    v9 = sqrt(v8)
    return (-1.0) / v9


def atan_1(y: float, x1: float) -> float:
    v1 = hypot(1.0, x1)
    v2 = 1.0 / v1
    return v2 * v2


def atan2_1(y: float, x1: float, x2: float) -> float:
    v1 = hypot(x2, x1)
    v2 = v1 if v1 > 0.0 else 1.0
    v3 = x2 / v2
    v4 = v3 if v1 > 0.0 else 0.0
    return v4 / v2


def atan2_2(y: float, x1: float, x2: float) -> float:
    v1 = hypot(x1, x2)
    v2 = v1 if v1 > 0.0 else 1.0
    v3 = x1 / v2
    v4 = v3 if v1 > 0.0 else 0.0
    v5 = v4 / v2
    return -v5


def hypot_1(y: float, x1: float, x2: float) -> float:
    v1 = hypot(x1, x2)
    v2 = v1 if v1 > 0.0 else 1.0
    v3 = x1 / v2
    return v3 if v1 > 0.0 else 0.0


def hypot_2(y: float, x1: float, x2: float) -> float:
    v1 = hypot(x2, x1)
    v2 = v1 if v1 > 0.0 else 1.0
    v3 = x2 / v2
    return v3 if v1 > 0.0 else 0.0


def unit_1(y: float, x1: float, x2: float) -> float:
    v1 = hypot(x1, x2)
    v2 = hypot(x2, x1)
    v3 = v2 if v2 > 0.0 else 1.0
    v4 = x2 / v3
    v5 = v4 if v2 > 0.0 else 0.0
    v6 = v5 * v5
    v7 = v1 if v1 > 0.0 else 1.0
    v8 = v6 / v7
    return v8 if v1 > 0.0 else nan


def unit_2(y: float, x1: float, x2: float) -> float:
    v1 = hypot(x1, x2)
    v2 = v1 if v1 > 0.0 else 1.0
    v3 = x1 / v2
    v4 = v3 if v1 > 0.0 else 0.0
    v5 = -v4
    v6 = hypot(x2, x1)
    v7 = v6 if v6 > 0.0 else 1.0
    v8 = x2 / v7
    v9 = v8 if v6 > 0.0 else 0.0
    v10 = v5 * v9
    v11 = v10 / v2
    return v11 if v1 > 0.0 else nan


def inversion_1(y: float, x1: float, x2: float) -> float:
    v1 = hypot(x1, x2)
    v2 = x2 - x1
    v3 = v1 if v1 > 0.0 else 1.0
    v4 = v2 / v3
    v5 = x1 + x2
    v6 = v5 / v3
    v7 = v4 * v6
    v8 = v3 * v3
    v9 = v7 / v8
    return v9 if v1 > 0.0 else nan


def inversion_2(y: float, x1: float, x2: float) -> float:
    v1 = hypot(x1, x2)
    v2 = v1 if v1 > 0.0 else 1.0
    v3 = x1 / v2
    v4 = v3 if v1 > 0.0 else 0.0
    v5 = (-2.0) * v4
    v6 = hypot(x2, x1)
    v7 = v6 if v6 > 0.0 else 1.0
    v8 = x2 / v7
    v9 = v8 if v6 > 0.0 else 0.0
    v10 = v5 * v9
    v11 = v2 * v2
    v12 = v10 / v11
    return v12 if v1 > 0.0 else nan


def sinh_1(y: float, x1: float) -> float:
    return cosh(x1)


def cosh_1(y: float, x1: float) -> float:
    return sinh(x1)


def sech_1(y: float, x1: float) -> float:
    v1 = -y
    v2 = tanh(x1)
    return v1 * v2


def tanh_1(y: float, x1: float) -> float:
    v1 = fabs(x1)
    v2 = -v1
    v3 = exp(v2)
    v4 = 2.0 * v3
    v5 = v3 * v3
    v6 = 1.0 + v5
    v7 = v4 / v6
    return v7 * v7


def asinh_1(y: float, x1: float) -> float:
    v1 = hypot(1.0, x1)
    return 1.0 / v1


def acosh_1(y: float, x1: float) -> float:
    v1 = x1 - 1.0
    v2 = sqrt(v1)
    v3 = x1 + 1.0
    v4 = sqrt(v3)
    v5 = v2 * v4
    return 1.0 / v5


def atanh_1(y: float, x1: float) -> float:
    v1 = fabs(x1)
    v2 = 0.5 - v1
    v3 = x1 * x1
    v4 = 1.0 - v3
    v5 = 1.0 - x1
    v6 = x1 + 1.0
    v7 = v5 * v6
    v8 = v4 if v2 > 0.0 else v7
    return 1.0 / v8


def gaussian_1(y: float, x1: float) -> float:
    v1 = x1 * (-2.0)
    v2 = v1 - v1
    v3 = 1.0 + v2
    v4 = -y
    v5 = y if y > 0.0 else v4
    v6 = 1.0 if v3 > 0.0 else v5
    v7 = v1 if v6 > 0.0 else 0.0
    return y * v7


def erf_1(y: float, x1: float) -> float:
    v1 = x1 if x1 <= 64.0 or x1 != x1 else 64.0
    v2 = v1 if v1 >= (-64.0) or v1 != v1 else (-64.0)
    v3 = 6442450944.0 + v2
    v4 = v3 - 6442450944.0
    v5 = v2 - v4
    v6 = (-1.0) * v4
    v7 = v4 * v6
    v8 = exp(v7)
    v9 = (-1.0) * v5
    v10 = v2 + v4
    v11 = v9 * v10
    v12 = exp(v11)
    v13 = v8 * v12
    return 1.1283791670955126 * v13


def erfc_1(y: float, x1: float) -> float:
    v1 = x1 if x1 <= 64.0 or x1 != x1 else 64.0
    v2 = v1 if v1 >= (-64.0) or v1 != v1 else (-64.0)
    v3 = 6442450944.0 + v2
    v4 = v3 - 6442450944.0
    v5 = v2 - v4
    v6 = (-1.0) * v4
    v7 = v4 * v6
    v8 = exp(v7)
    v9 = (-1.0) * v5
    v10 = v2 + v4
    v11 = v9 * v10
    v12 = exp(v11)
    v13 = v8 * v12
    return (-1.1283791670955126) * v13


def normal_density_1(y: float, x1: float) -> float:
    v1 = -x1
    v2 = v1 - v1
    v3 = 1.0 + v2
    v4 = -y
    v5 = y if y > 0.0 else v4
    v6 = 1.0 if v3 > 0.0 else v5
    v7 = v1 if v6 > 0.0 else 0.0
    return y * v7


def normal_cdf_1(y: float, x1: float) -> float:
    v1 = x1 if x1 <= 64.0 or x1 != x1 else 64.0
    v2 = v1 if v1 >= (-64.0) or v1 != v1 else (-64.0)
    v3 = 6442450944.0 + v2
    v4 = v3 - 6442450944.0
    v5 = v2 - v4
    v6 = (-0.5) * v4
    v7 = v4 * v6
    v8 = exp(v7)
    v9 = (-0.5) * v5
    v10 = v2 + v4
    v11 = v9 * v10
    v12 = exp(v11)
    v13 = v8 * v12
    return v13 / 2.5066282746310002


def sigmoid_1(y: float, x1: float) -> float:
    v1 = -x1
    v2 = fabs(x1)
    v3 = -v2
    v4 = exp(v3)
    v5 = 1.0 if v1 > 0.0 else 0.0 if v1 <= 0.0 else v1
    v6 = v5 if v5 >= v4 or v5 != v5 else v4
    v7 = 1.0 + v4
    v8 = v6 / v7
    return y * v8


def softplus_1(y: float, x1: float) -> float:
    v1 = fabs(x1)
    v2 = -v1
    v3 = exp(v2)
    v4 = 1.0 if x1 > 0.0 else 0.0 if x1 <= 0.0 else x1
    v5 = v4 if v4 >= v3 or v4 != v4 else v3
    v6 = 1.0 + v3
    return v5 / v6


def log_sigmoid_1(y: float, x1: float) -> float:
    v1 = -x1
    v2 = fabs(x1)
    v3 = -v2
    v4 = exp(v3)
    v5 = 1.0 if v1 > 0.0 else 0.0 if v1 <= 0.0 else v1
    v6 = v5 if v5 >= v4 or v5 != v5 else v4
    v7 = 1.0 + v4
    return v6 / v7


def relu_1(y: float, x1: float) -> float:
    return 1.0 if x1 > 0.0 else 0.0


def leaky_relu_1(y: float, x1: float) -> float:
    return 1.0 if x1 > 0.0 else 0.01


def elu_1(y: float, x1: float) -> float:
    v1 = 0.0 if x1 > 0.0 else x1
    v2 = exp(v1)
    return 1.0 if x1 > 0.0 else v2


def gelu_1(y: float, x1: float) -> float:
    v1 = x1 if x1 <= 64.0 or x1 != x1 else 64.0
    v2 = v1 if v1 >= (-64.0) or v1 != v1 else (-64.0)
    v3 = 6442450944.0 + v2
    v4 = v3 - 6442450944.0
    v5 = v2 - v4
    v6 = 0.7071067811865476 * v2
    v7 = 0.7071067839860916 * v4
    v8 = v7 - v6
    v9 = (-2.799544089368687e-09) * v4
    v10 = 0.7071067811865476 * v5
    v11 = v9 + v10
    v12 = v8 + v11
    v13 = -v6
    v14 = erfc(v13)
    v15 = 0.5 * v14
    v16 = v6 * v13
    v17 = exp(v16)
    v18 = v17 / 1.7724538509055159
    v19 = v12 * v18
    v20 = v15 + v19
    v21 = (-0.5) * v4
    v22 = v4 * v21
    v23 = exp(v22)
    v24 = (-0.5) * v5
    v25 = v2 + v4
    v26 = v24 * v25
    v27 = exp(v26)
    v28 = v23 * v27
    v29 = v28 / 2.5066282746310002
    v30 = x1 * v29
    return v20 + v30


def silu_1(y: float, x1: float) -> float:
    v1 = fabs(x1)
    v2 = -v1
    v3 = exp(v2)
    v4 = 1.0 if x1 > 0.0 else 0.0 if x1 <= 0.0 else x1
    v5 = v4 if v4 >= v3 or v4 != v4 else v3
    v6 = 1.0 + v3
    v7 = v5 / v6
    v8 = -x1
    v9 = 1.0 if v8 > 0.0 else 0.0 if v8 <= 0.0 else v8
    v10 = v9 if v9 >= v3 or v9 != v9 else v3
    v11 = v10 / v6
    v12 = x1 * v11
    v13 = 1.0 + v12
    return v7 * v13


def finite_1(y: float, x1: float) -> float:
    v1 = fabs(x1)
    v2 = 1.7976931348623157e308 - v1
    return 1.0 if v2 > 0.0 else 0.0


def logaddexp_1(y: float, x1: float, x2: float) -> float:
    v1 = x1 - x2
    v2 = fabs(v1)
    v3 = -v2
    v4 = exp(v3)
    v5 = 1.0 if v1 > 0.0 else 0.0 if v1 <= 0.0 else v1
    v6 = v5 if v5 >= v4 or v5 != v5 else v4
    v7 = 1.0 + v4
    return v6 / v7


def logaddexp_2(y: float, x1: float, x2: float) -> float:
    v1 = x2 - x1
    v2 = fabs(v1)
    v3 = -v2
    v4 = exp(v3)
    v5 = 1.0 if v1 > 0.0 else 0.0 if v1 <= 0.0 else v1
    v6 = v5 if v5 >= v4 or v5 != v5 else v4
    v7 = 1.0 + v4
    return v6 / v7


VALUES: dict[str, Callable[..., float]] = {
    "branch": branch,
    "strong_mul": strong_mul,
    "guard": guard,
    "unit": unit,
    "inversion": inversion,
    "sech": sech,
    "gaussian": gaussian,
    "normal_density": normal_density,
    "normal_cdf": normal_cdf,
    "sigmoid": sigmoid,
    "softplus": softplus,
    "log_sigmoid": log_sigmoid,
    "relu": relu,
    "leaky_relu": leaky_relu,
    "elu": elu,
    "gelu": gelu,
    "silu": silu,
    "finite": finite,
    "logaddexp": logaddexp,
}

PARTIALS: dict[str, dict[int, Callable[..., float]]] = {
    "abs": {0: abs_1},
    "pow_log": {1: pow_log_2},
    "where": {1: where_2, 2: where_3},
    "branch": {0: branch_1, 1: branch_2, 2: branch_3},
    "minimum": {0: minimum_1, 1: minimum_2},
    "maximum": {0: maximum_1, 1: maximum_2},
    "strong_mul": {0: strong_mul_1},
    "guard": {0: guard_1, 1: guard_2},
    "expm1": {0: expm1_1},
    "sin": {0: sin_1},
    "cos": {0: cos_1},
    "asin": {0: asin_1},
    "acos": {0: acos_1},
    "atan": {0: atan_1},
    "atan2": {0: atan2_1, 1: atan2_2},
    "hypot": {0: hypot_1, 1: hypot_2},
    "unit": {0: unit_1, 1: unit_2},
    "inversion": {0: inversion_1, 1: inversion_2},
    "sinh": {0: sinh_1},
    "cosh": {0: cosh_1},
    "sech": {0: sech_1},
    "tanh": {0: tanh_1},
    "asinh": {0: asinh_1},
    "acosh": {0: acosh_1},
    "atanh": {0: atanh_1},
    "gaussian": {0: gaussian_1},
    "erf": {0: erf_1},
    "erfc": {0: erfc_1},
    "normal_density": {0: normal_density_1},
    "normal_cdf": {0: normal_cdf_1},
    "sigmoid": {0: sigmoid_1},
    "softplus": {0: softplus_1},
    "log_sigmoid": {0: log_sigmoid_1},
    "relu": {0: relu_1},
    "leaky_relu": {0: leaky_relu_1},
    "elu": {0: elu_1},
    "gelu": {0: gelu_1},
    "silu": {0: silu_1},
    "finite": {0: finite_1},
    "logaddexp": {0: logaddexp_1, 1: logaddexp_2},
}

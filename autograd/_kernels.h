/* The table as C. Written by `python -m autograd.compiler` from the entries of autograd/ops.py: change those.

   A kernel computes the value of an op and the partials that are wanted, bit k for operand k. It returns 0 where a
   number is not finite: there Python decides whether that is an error, and which. */

static inline int compute_add(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double x2 = x[1];
    const double v1 = x1 + x2;
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    d[0] = 1.0;
    d[1] = 1.0;
    (void)wanted;
    return 1;
}

static inline int compute_sub(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double x2 = x[1];
    const double v1 = x1 - x2;
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    d[0] = 1.0;
    d[1] = (-1.0);
    (void)wanted;
    return 1;
}

static inline int compute_mul(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double x2 = x[1];
    const double v1 = x1 * x2;
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    if (wanted & 1u) {
        d[0] = x2;
        if (!isfinite(x2))
            return 0;
    }
    if (wanted & 2u) {
        d[1] = x1;
        if (!isfinite(x1))
            return 0;
    }
    return 1;
}

static inline int compute_div(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double x2 = x[1];
    const double v1 = x1 / x2;
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    if (wanted & 1u) {
        const double v2 = 1.0 / x2;
        d[0] = v2;
        if (!isfinite(v2))
            return 0;
    }
    if (wanted & 2u) {
        const double v3 = -v1;
        const double v4 = v3 / x2;
        d[1] = v4;
        if (!isfinite(v4))
            return 0;
    }
    return 1;
}

static inline int compute_neg(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = -x1;
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    d[0] = (-1.0);
    (void)wanted;
    return 1;
}

static inline int compute_abs(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = fabs(x1);
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    if (wanted & 1u) {
        const double v2 = -x1;
        const double v3 = v2 > 0.0 ? (-1.0) : x1;
        const double v4 = x1 > 0.0 ? 1.0 : v3;
        d[0] = v4;
        if (!isfinite(v4))
            return 0;
    }
    return 1;
}

static inline int compute_pow(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double x2 = x[1];
    const double v1 = pow(x1, x2);
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    if (wanted & 1u) {
        const double v2 = x2 - 1.0;
        const double v3 = pow(x1, v2);
        const double v4 = v3 - v3;
        const double v5 = 1.0 + v4;
        const double v6 = -x2;
        const double v7 = x2 > 0.0 ? x2 : v6;
        const double v8 = v5 > 0.0 ? 1.0 : v7;
        const double v9 = v8 > 0.0 ? v3 : 0.0;
        const double v10 = x2 * v9;
        const double v11 = fabs(v1);
        const double v12 = 1.0 + v11;
        const double v13 = fabs(x1);
        const double v14 = 1.0 + v13;
        const double v15 = v14 > 0.0 ? NAN : v10;
        const double v16 = v12 > 0.0 ? v10 : v15;
        d[0] = v16;
        if (!isfinite(v16))
            return 0;
    }
    if (wanted & 2u) {
        const double v13 = fabs(x1);
        const double v17 = v13 > 0.0 ? x1 : 1.0;
        const double v18 = log(v17);
        const double v19 = v1 * v18;
        const double v20 = x2 > 0.0 ? 0.0 : NAN;
        const double v21 = x1 + v20;
        const double v22 = v13 > 0.0 ? v19 : v21;
        d[1] = v22;
        if (!isfinite(v22))
            return 0;
    }
    return 1;
}

static inline int compute_pow_slope(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double x2 = x[1];
    const double v1 = x2 - 1.0;
    const double v2 = pow(x1, v1);
    const double v3 = v2 - v2;
    const double v4 = 1.0 + v3;
    const double v5 = -x2;
    const double v6 = x2 > 0.0 ? x2 : v5;
    const double v7 = v4 > 0.0 ? 1.0 : v6;
    const double v8 = v7 > 0.0 ? v2 : 0.0;
    const double v9 = x2 * v8;
    const double v10 = pow(x1, x2);
    const double v11 = fabs(v10);
    const double v12 = 1.0 + v11;
    const double v13 = fabs(x1);
    const double v14 = 1.0 + v13;
    const double v15 = v14 > 0.0 ? NAN : v9;
    const double v16 = v12 > 0.0 ? v9 : v15;
    *y = v16;
    if (!(isfinite(v2) && isfinite(v10) && isfinite(v16)))
        return 0;
    if (wanted & 1u) {
        const double v17 = v1 - 1.0;
        const double v18 = pow(x1, v17);
        const double v19 = v18 - v18;
        const double v20 = 1.0 + v19;
        const double v21 = -v1;
        const double v22 = v1 > 0.0 ? v1 : v21;
        const double v23 = v20 > 0.0 ? 1.0 : v22;
        const double v24 = v23 > 0.0 ? v18 : 0.0;
        const double v25 = v1 * v24;
        const double v26 = fabs(v2);
        const double v27 = 1.0 + v26;
        const double v28 = v14 > 0.0 ? NAN : v25;
        const double v29 = v27 > 0.0 ? v25 : v28;
        const double v30 = x2 * v29;
        d[0] = v30;
        if (!isfinite(v30))
            return 0;
    }
    if (wanted & 2u) {
        const double v31 = x2 > 0.0 ? (-INFINITY) : INFINITY;
        const double v32 = v1 > 0.0 ? x1 : v31;
        const double v33 = x2 - x2;
        const double v34 = v33 > 0.0 ? 0.0 : v32;
        const double v35 = v13 > 0.0 ? x1 : 1.0;
        const double v36 = pow(v35, v1);
        const double v37 = log(v35);
        const double v38 = x2 * v37;
        const double v39 = 1.0 + v38;
        const double v40 = v36 * v39;
        const double v41 = v13 > 0.0 ? v40 : v34;
        d[1] = v41;
        if (!isfinite(v41))
            return 0;
    }
    return 1;
}

static inline int compute_pow_log(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double x2 = x[1];
    const double v1 = fabs(x1);
    const double v2 = pow(x1, x2);
    const double v3 = v1 > 0.0 ? x1 : 1.0;
    const double v4 = log(v3);
    const double v5 = v2 * v4;
    const double v6 = x2 > 0.0 ? 0.0 : NAN;
    const double v7 = x1 + v6;
    const double v8 = v1 > 0.0 ? v5 : v7;
    *y = v8;
    if (!(isfinite(v2) && isfinite(v4) && isfinite(v8)))
        return 0;
    if (wanted & 1u) {
        const double v9 = x2 - 1.0;
        const double v10 = x2 > 0.0 ? (-INFINITY) : INFINITY;
        const double v11 = v9 > 0.0 ? x1 : v10;
        const double v12 = x2 - x2;
        const double v13 = v12 > 0.0 ? 0.0 : v11;
        const double v14 = pow(v3, v9);
        const double v15 = x2 * v4;
        const double v16 = 1.0 + v15;
        const double v17 = v14 * v16;
        const double v18 = v1 > 0.0 ? v17 : v13;
        d[0] = v18;
        if (!isfinite(v18))
            return 0;
    }
    if (wanted & 2u) {
        const double v19 = v4 * v8;
        const double v20 = v1 > 0.0 ? v19 : v8;
        d[1] = v20;
        if (!isfinite(v20))
            return 0;
    }
    return 1;
}

static inline int compute_step(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = x1 > 0.0 ? 1.0 : x1 <= 0.0 ? 0.0 : x1;
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    d[0] = 0.0;
    (void)wanted;
    return 1;
}

static inline int compute_sign(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = x1 > 0.0 ? 1.0 : x1 < 0.0 ? -1.0 : x1;
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    d[0] = 0.0;
    (void)wanted;
    return 1;
}

static inline int compute_where(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double x2 = x[1];
    const double x3 = x[2];
    const double v1 = x1 > 0.0 ? x2 : x3;
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    d[0] = 0.0;
    if (wanted & 2u) {
        const double v2 = x1 > 0.0 ? 1.0 : 0.0;
        d[1] = v2;
        if (!isfinite(v2))
            return 0;
    }
    if (wanted & 4u) {
        const double v3 = x1 > 0.0 ? 0.0 : 1.0;
        d[2] = v3;
        if (!isfinite(v3))
            return 0;
    }
    return 1;
}

static inline int compute_branch(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double x2 = x[1];
    const double x3 = x[2];
    const double v1 = x1 > 0.0 ? x2 : x3;
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    if (wanted & 1u) {
        const double v2 = fabs(x1);
        const double v3 = v2 > 0.0 ? 0.0 : NAN;
        d[0] = v3;
        if (!isfinite(v3))
            return 0;
    }
    if (wanted & 2u) {
        const double v4 = x1 > 0.0 ? 1.0 : 0.0;
        d[1] = v4;
        if (!isfinite(v4))
            return 0;
    }
    if (wanted & 4u) {
        const double v5 = x1 > 0.0 ? 0.0 : 1.0;
        d[2] = v5;
        if (!isfinite(v5))
            return 0;
    }
    return 1;
}

static inline int compute_minimum(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double x2 = x[1];
    const double v1 = x1 <= x2 || x1 != x1 ? x1 : x2;
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    if (wanted & 1u) {
        const double v2 = x2 - x1;
        const double v3 = x1 - x2;
        const double v4 = v3 > 0.0 ? 0.0 : 0.5;
        const double v5 = v2 > 0.0 ? 1.0 : v4;
        d[0] = v5;
        if (!isfinite(v5))
            return 0;
    }
    if (wanted & 2u) {
        const double v2 = x2 - x1;
        const double v3 = x1 - x2;
        const double v6 = v2 > 0.0 ? 0.0 : 0.5;
        const double v7 = v3 > 0.0 ? 1.0 : v6;
        d[1] = v7;
        if (!isfinite(v7))
            return 0;
    }
    return 1;
}

static inline int compute_maximum(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double x2 = x[1];
    const double v1 = x1 >= x2 || x1 != x1 ? x1 : x2;
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    if (wanted & 1u) {
        const double v2 = x1 - x2;
        const double v3 = x2 - x1;
        const double v4 = v3 > 0.0 ? 0.0 : 0.5;
        const double v5 = v2 > 0.0 ? 1.0 : v4;
        d[0] = v5;
        if (!isfinite(v5))
            return 0;
    }
    if (wanted & 2u) {
        const double v2 = x1 - x2;
        const double v3 = x2 - x1;
        const double v6 = v2 > 0.0 ? 0.0 : 0.5;
        const double v7 = v3 > 0.0 ? 1.0 : v6;
        d[1] = v7;
        if (!isfinite(v7))
            return 0;
    }
    return 1;
}

static inline int compute_strong_mul(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double x2 = x[1];
    const double v1 = x2 - x2;
    const double v2 = 1.0 + v1;
    const double v3 = -x1;
    const double v4 = x1 > 0.0 ? x1 : v3;
    const double v5 = v2 > 0.0 ? 1.0 : v4;
    const double v6 = v5 > 0.0 ? x2 : 0.0;
    const double v7 = x1 * v6;
    *y = v7;
    if (!(isfinite(v7)))
        return 0;
    if (wanted & 1u) {
        const double v8 = v5 > 0.0 ? x2 : NAN;
        d[0] = v8;
        if (!isfinite(v8))
            return 0;
    }
    if (wanted & 2u) {
        d[1] = x1;
        if (!isfinite(x1))
            return 0;
    }
    return 1;
}

static inline int compute_guard(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double x2 = x[1];
    const double v1 = x1 > 0.0 ? 1.0 : x1 <= 0.0 ? 0.0 : x1;
    const double v2 = 1.0 - v1;
    const double v3 = v2 > 0.0 ? 0.0 : x2;
    *y = v3;
    if (!(isfinite(v3)))
        return 0;
    if (wanted & 1u) {
        const double v4 = 0.0 * v1;
        d[0] = v4;
        if (!isfinite(v4))
            return 0;
    }
    if (wanted & 2u) {
        const double v5 = v2 > 0.0 ? 0.0 : 1.0;
        d[1] = v5;
        if (!isfinite(v5))
            return 0;
    }
    return 1;
}

static inline int compute_exp(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = exp(x1);
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    if (wanted & 1u) {
        d[0] = v1;
        if (!isfinite(v1))
            return 0;
    }
    return 1;
}

static inline int compute_expm1(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = expm1(x1);
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    if (wanted & 1u) {
        const double v2 = exp(x1);
        d[0] = v2;
        if (!isfinite(v2))
            return 0;
    }
    return 1;
}

static inline int compute_log(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = log(x1);
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    if (wanted & 1u) {
        const double v2 = 1.0 / x1;
        d[0] = v2;
        if (!isfinite(v2))
            return 0;
    }
    return 1;
}

static inline int compute_log1p(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = log1p(x1);
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    if (wanted & 1u) {
        const double v2 = x1 + 1.0;
        const double v3 = 1.0 / v2;
        d[0] = v3;
        if (!isfinite(v3))
            return 0;
    }
    return 1;
}

static inline int compute_log2(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = log2(x1);
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    if (wanted & 1u) {
        const double v2 = x1 * 0.6931471805599453;
        const double v3 = 1.0 / v2;
        d[0] = v3;
        if (!isfinite(v3))
            return 0;
    }
    return 1;
}

static inline int compute_log10(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = log10(x1);
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    if (wanted & 1u) {
        const double v2 = x1 * 2.302585092994046;
        const double v3 = 1.0 / v2;
        d[0] = v3;
        if (!isfinite(v3))
            return 0;
    }
    return 1;
}

static inline int compute_sqrt(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = sqrt(x1);
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    if (wanted & 1u) {
        const double v2 = pow(x1, (-0.5));
        const double v3 = 0.5 * v2;
        d[0] = v3;
        if (!isfinite(v3))
            return 0;
    }
    return 1;
}

static inline int compute_sin(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = sin(x1);
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    if (wanted & 1u) {
        const double v2 = cos(x1);
        d[0] = v2;
        if (!isfinite(v2))
            return 0;
    }
    return 1;
}

static inline int compute_cos(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = cos(x1);
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    if (wanted & 1u) {
        const double v2 = sin(x1);
        const double v3 = -v2;
        d[0] = v3;
        if (!isfinite(v3))
            return 0;
    }
    return 1;
}

static inline int compute_tan(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = tan(x1);
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    if (wanted & 1u) {
        const double v2 = v1 * v1;
        const double v3 = 1.0 + v2;
        d[0] = v3;
        if (!isfinite(v3))
            return 0;
    }
    return 1;
}

static inline int compute_asin(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = asin(x1);
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    if (wanted & 1u) {
        const double v2 = fabs(x1);
        const double v3 = 0.5 - v2;
        const double v4 = x1 * x1;
        const double v5 = 1.0 - v4;
        const double v6 = 1.0 - x1;
        const double v7 = x1 + 1.0;
        const double v8 = v6 * v7;
        const double v9 = v3 > 0.0 ? v5 : v8;
        const double v10 = sqrt(v9);
        const double v11 = 1.0 / v10;
        d[0] = v11;
        if (!isfinite(v11))
            return 0;
    }
    return 1;
}

static inline int compute_acos(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = acos(x1);
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    if (wanted & 1u) {
        const double v2 = fabs(x1);
        const double v3 = 0.5 - v2;
        const double v4 = x1 * x1;
        const double v5 = 1.0 - v4;
        const double v6 = 1.0 - x1;
        const double v7 = x1 + 1.0;
        const double v8 = v6 * v7;
        const double v9 = v3 > 0.0 ? v5 : v8;
        const double v10 = sqrt(v9);
        const double v11 = (-1.0) / v10;
        d[0] = v11;
        if (!isfinite(v11))
            return 0;
    }
    return 1;
}

static inline int compute_atan(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = atan(x1);
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    if (wanted & 1u) {
        const double v2 = length(1.0, x1);
        const double v3 = 1.0 / v2;
        const double v4 = v3 * v3;
        d[0] = v4;
        if (!isfinite(v4))
            return 0;
    }
    return 1;
}

static inline int compute_atan2(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double x2 = x[1];
    const double v1 = atan2(x1, x2);
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    if (wanted & 1u) {
        const double v2 = length(x2, x1);
        const double v3 = v2 > 0.0 ? v2 : 1.0;
        const double v4 = x2 / v3;
        const double v5 = v2 > 0.0 ? v4 : 0.0;
        const double v6 = v5 / v3;
        d[0] = v6;
        if (!isfinite(v6))
            return 0;
    }
    if (wanted & 2u) {
        const double v7 = length(x1, x2);
        const double v8 = v7 > 0.0 ? v7 : 1.0;
        const double v9 = x1 / v8;
        const double v10 = v7 > 0.0 ? v9 : 0.0;
        const double v11 = v10 / v8;
        const double v12 = -v11;
        d[1] = v12;
        if (!isfinite(v12))
            return 0;
    }
    return 1;
}

static inline int compute_hypot(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double x2 = x[1];
    const double v1 = length(x1, x2);
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    if (wanted & 1u) {
        const double v2 = v1 > 0.0 ? v1 : 1.0;
        const double v3 = x1 / v2;
        const double v4 = v1 > 0.0 ? v3 : 0.0;
        d[0] = v4;
        if (!isfinite(v4))
            return 0;
    }
    if (wanted & 2u) {
        const double v5 = length(x2, x1);
        const double v6 = v5 > 0.0 ? v5 : 1.0;
        const double v7 = x2 / v6;
        const double v8 = v5 > 0.0 ? v7 : 0.0;
        d[1] = v8;
        if (!isfinite(v8))
            return 0;
    }
    return 1;
}

static inline int compute_unit(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double x2 = x[1];
    const double v1 = length(x1, x2);
    const double v2 = v1 > 0.0 ? v1 : 1.0;
    const double v3 = x1 / v2;
    const double v4 = v1 > 0.0 ? v3 : 0.0;
    *y = v4;
    if (!(isfinite(v1) && isfinite(v3) && isfinite(v4)))
        return 0;
    if (wanted & 1u) {
        const double v5 = length(x2, x1);
        const double v6 = v5 > 0.0 ? v5 : 1.0;
        const double v7 = x2 / v6;
        const double v8 = v5 > 0.0 ? v7 : 0.0;
        const double v9 = v8 * v8;
        const double v10 = v9 / v2;
        const double v11 = v1 > 0.0 ? v10 : NAN;
        d[0] = v11;
        if (!isfinite(v11))
            return 0;
    }
    if (wanted & 2u) {
        const double v5 = length(x2, x1);
        const double v6 = v5 > 0.0 ? v5 : 1.0;
        const double v7 = x2 / v6;
        const double v8 = v5 > 0.0 ? v7 : 0.0;
        const double v12 = -v4;
        const double v13 = v8 * v12;
        const double v14 = v13 / v2;
        const double v15 = v1 > 0.0 ? v14 : NAN;
        d[1] = v15;
        if (!isfinite(v15))
            return 0;
    }
    return 1;
}

static inline int compute_inversion(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double x2 = x[1];
    const double v1 = length(x1, x2);
    const double v2 = v1 > 0.0 ? v1 : 1.0;
    const double v3 = x1 / v2;
    const double v4 = v1 > 0.0 ? v3 : 0.0;
    const double v5 = v4 / v2;
    *y = v5;
    if (!(isfinite(v1) && isfinite(v3) && isfinite(v5)))
        return 0;
    if (wanted & 1u) {
        const double v6 = x2 - x1;
        const double v7 = v6 / v2;
        const double v8 = x1 + x2;
        const double v9 = v8 / v2;
        const double v10 = v7 * v9;
        const double v11 = v2 * v2;
        const double v12 = v10 / v11;
        const double v13 = v1 > 0.0 ? v12 : NAN;
        d[0] = v13;
        if (!isfinite(v13))
            return 0;
    }
    if (wanted & 2u) {
        const double v11 = v2 * v2;
        const double v14 = (-2.0) * v4;
        const double v15 = length(x2, x1);
        const double v16 = v15 > 0.0 ? v15 : 1.0;
        const double v17 = x2 / v16;
        const double v18 = v15 > 0.0 ? v17 : 0.0;
        const double v19 = v14 * v18;
        const double v20 = v19 / v11;
        const double v21 = v1 > 0.0 ? v20 : NAN;
        d[1] = v21;
        if (!isfinite(v21))
            return 0;
    }
    return 1;
}

static inline int compute_sinh(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = sinh(x1);
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    if (wanted & 1u) {
        const double v2 = cosh(x1);
        d[0] = v2;
        if (!isfinite(v2))
            return 0;
    }
    return 1;
}

static inline int compute_cosh(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = cosh(x1);
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    if (wanted & 1u) {
        const double v2 = sinh(x1);
        d[0] = v2;
        if (!isfinite(v2))
            return 0;
    }
    return 1;
}

static inline int compute_sech(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = fabs(x1);
    const double v2 = -v1;
    const double v3 = exp(v2);
    const double v4 = 2.0 * v3;
    const double v5 = v3 * v3;
    const double v6 = 1.0 + v5;
    const double v7 = v4 / v6;
    *y = v7;
    if (!(isfinite(v3) && isfinite(v7)))
        return 0;
    if (wanted & 1u) {
        const double v8 = -v7;
        const double v9 = tanh(x1);
        const double v10 = v8 * v9;
        d[0] = v10;
        if (!isfinite(v10))
            return 0;
    }
    return 1;
}

static inline int compute_tanh(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = tanh(x1);
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    if (wanted & 1u) {
        const double v2 = fabs(x1);
        const double v3 = -v2;
        const double v4 = exp(v3);
        const double v5 = 2.0 * v4;
        const double v6 = v4 * v4;
        const double v7 = 1.0 + v6;
        const double v8 = v5 / v7;
        const double v9 = v8 * v8;
        d[0] = v9;
        if (!isfinite(v9))
            return 0;
    }
    return 1;
}

static inline int compute_asinh(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = asinh(x1);
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    if (wanted & 1u) {
        const double v2 = length(1.0, x1);
        const double v3 = 1.0 / v2;
        d[0] = v3;
        if (!isfinite(v3))
            return 0;
    }
    return 1;
}

static inline int compute_acosh(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = acosh(x1);
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    if (wanted & 1u) {
        const double v2 = x1 - 1.0;
        const double v3 = sqrt(v2);
        const double v4 = x1 + 1.0;
        const double v5 = sqrt(v4);
        const double v6 = v3 * v5;
        const double v7 = 1.0 / v6;
        d[0] = v7;
        if (!isfinite(v7))
            return 0;
    }
    return 1;
}

static inline int compute_atanh(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = atanh(x1);
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    if (wanted & 1u) {
        const double v2 = fabs(x1);
        const double v3 = 0.5 - v2;
        const double v4 = x1 * x1;
        const double v5 = 1.0 - v4;
        const double v6 = 1.0 - x1;
        const double v7 = x1 + 1.0;
        const double v8 = v6 * v7;
        const double v9 = v3 > 0.0 ? v5 : v8;
        const double v10 = 1.0 / v9;
        d[0] = v10;
        if (!isfinite(v10))
            return 0;
    }
    return 1;
}

static inline int compute_gaussian(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = x1 <= 64.0 || x1 != x1 ? x1 : 64.0;
    const double v2 = v1 >= (-64.0) || v1 != v1 ? v1 : (-64.0);
    const double v3 = 6442450944.0 + v2;
    const double v4 = v3 - 6442450944.0;
    const double v5 = v2 - v4;
    const double v6 = (-1.0) * v4;
    const double v7 = v4 * v6;
    const double v8 = exp(v7);
    const double v9 = (-1.0) * v5;
    const double v10 = v2 + v4;
    const double v11 = v9 * v10;
    const double v12 = exp(v11);
    const double v13 = v8 * v12;
    *y = v13;
    if (!(isfinite(v8) && isfinite(v12) && isfinite(v13)))
        return 0;
    if (wanted & 1u) {
        const double v14 = x1 * (-2.0);
        const double v15 = v14 - v14;
        const double v16 = 1.0 + v15;
        const double v17 = -v13;
        const double v18 = v13 > 0.0 ? v13 : v17;
        const double v19 = v16 > 0.0 ? 1.0 : v18;
        const double v20 = v19 > 0.0 ? v14 : 0.0;
        const double v21 = v13 * v20;
        d[0] = v21;
        if (!isfinite(v21))
            return 0;
    }
    return 1;
}

static inline int compute_erf(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = erf(x1);
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    if (wanted & 1u) {
        const double v2 = x1 <= 64.0 || x1 != x1 ? x1 : 64.0;
        const double v3 = v2 >= (-64.0) || v2 != v2 ? v2 : (-64.0);
        const double v4 = 6442450944.0 + v3;
        const double v5 = v4 - 6442450944.0;
        const double v6 = v3 - v5;
        const double v7 = (-1.0) * v5;
        const double v8 = v5 * v7;
        const double v9 = exp(v8);
        const double v10 = (-1.0) * v6;
        const double v11 = v3 + v5;
        const double v12 = v10 * v11;
        const double v13 = exp(v12);
        const double v14 = v9 * v13;
        const double v15 = 1.1283791670955126 * v14;
        d[0] = v15;
        if (!isfinite(v15))
            return 0;
    }
    return 1;
}

static inline int compute_erfc(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = erfc(x1);
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    if (wanted & 1u) {
        const double v2 = x1 <= 64.0 || x1 != x1 ? x1 : 64.0;
        const double v3 = v2 >= (-64.0) || v2 != v2 ? v2 : (-64.0);
        const double v4 = 6442450944.0 + v3;
        const double v5 = v4 - 6442450944.0;
        const double v6 = v3 - v5;
        const double v7 = (-1.0) * v5;
        const double v8 = v5 * v7;
        const double v9 = exp(v8);
        const double v10 = (-1.0) * v6;
        const double v11 = v3 + v5;
        const double v12 = v10 * v11;
        const double v13 = exp(v12);
        const double v14 = v9 * v13;
        const double v15 = (-1.1283791670955126) * v14;
        d[0] = v15;
        if (!isfinite(v15))
            return 0;
    }
    return 1;
}

static inline int compute_normal_density(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = x1 <= 64.0 || x1 != x1 ? x1 : 64.0;
    const double v2 = v1 >= (-64.0) || v1 != v1 ? v1 : (-64.0);
    const double v3 = 6442450944.0 + v2;
    const double v4 = v3 - 6442450944.0;
    const double v5 = v2 - v4;
    const double v6 = (-0.5) * v4;
    const double v7 = v4 * v6;
    const double v8 = exp(v7);
    const double v9 = (-0.5) * v5;
    const double v10 = v2 + v4;
    const double v11 = v9 * v10;
    const double v12 = exp(v11);
    const double v13 = v8 * v12;
    const double v14 = v13 / 2.5066282746310002;
    *y = v14;
    if (!(isfinite(v8) && isfinite(v12) && isfinite(v14)))
        return 0;
    if (wanted & 1u) {
        const double v15 = -x1;
        const double v16 = v15 - v15;
        const double v17 = 1.0 + v16;
        const double v18 = -v14;
        const double v19 = v14 > 0.0 ? v14 : v18;
        const double v20 = v17 > 0.0 ? 1.0 : v19;
        const double v21 = v20 > 0.0 ? v15 : 0.0;
        const double v22 = v14 * v21;
        d[0] = v22;
        if (!isfinite(v22))
            return 0;
    }
    return 1;
}

static inline int compute_normal_cdf(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = x1 <= 64.0 || x1 != x1 ? x1 : 64.0;
    const double v2 = v1 >= (-64.0) || v1 != v1 ? v1 : (-64.0);
    const double v3 = 6442450944.0 + v2;
    const double v4 = v3 - 6442450944.0;
    const double v5 = v2 - v4;
    const double v6 = 0.7071067811865476 * v2;
    const double v7 = 0.7071067839860916 * v4;
    const double v8 = v7 - v6;
    const double v9 = (-2.799544089368687e-09) * v4;
    const double v10 = 0.7071067811865476 * v5;
    const double v11 = v9 + v10;
    const double v12 = v8 + v11;
    const double v13 = -v6;
    const double v14 = erfc(v13);
    const double v15 = 0.5 * v14;
    const double v16 = v6 * v13;
    const double v17 = exp(v16);
    const double v18 = v17 / 1.7724538509055159;
    const double v19 = v12 * v18;
    const double v20 = v15 + v19;
    *y = v20;
    if (!(isfinite(v14) && isfinite(v17) && isfinite(v18) && isfinite(v20)))
        return 0;
    if (wanted & 1u) {
        const double v21 = (-0.5) * v4;
        const double v22 = v4 * v21;
        const double v23 = exp(v22);
        const double v24 = (-0.5) * v5;
        const double v25 = v2 + v4;
        const double v26 = v24 * v25;
        const double v27 = exp(v26);
        const double v28 = v23 * v27;
        const double v29 = v28 / 2.5066282746310002;
        d[0] = v29;
        if (!isfinite(v29))
            return 0;
    }
    return 1;
}

static inline int compute_sigmoid(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = fabs(x1);
    const double v2 = -v1;
    const double v3 = exp(v2);
    const double v4 = x1 > 0.0 ? 1.0 : x1 <= 0.0 ? 0.0 : x1;
    const double v5 = v4 >= v3 || v4 != v4 ? v4 : v3;
    const double v6 = 1.0 + v3;
    const double v7 = v5 / v6;
    *y = v7;
    if (!(isfinite(v3) && isfinite(v7)))
        return 0;
    if (wanted & 1u) {
        const double v8 = -x1;
        const double v9 = v8 > 0.0 ? 1.0 : v8 <= 0.0 ? 0.0 : v8;
        const double v10 = v9 >= v3 || v9 != v9 ? v9 : v3;
        const double v11 = v10 / v6;
        const double v12 = v7 * v11;
        d[0] = v12;
        if (!isfinite(v12))
            return 0;
    }
    return 1;
}

static inline int compute_softplus(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = x1 >= 0.0 || x1 != x1 ? x1 : 0.0;
    const double v2 = fabs(x1);
    const double v3 = -v2;
    const double v4 = exp(v3);
    const double v5 = log1p(v4);
    const double v6 = v1 + v5;
    *y = v6;
    if (!(isfinite(v4) && isfinite(v5) && isfinite(v6)))
        return 0;
    if (wanted & 1u) {
        const double v7 = x1 > 0.0 ? 1.0 : x1 <= 0.0 ? 0.0 : x1;
        const double v8 = v7 >= v4 || v7 != v7 ? v7 : v4;
        const double v9 = 1.0 + v4;
        const double v10 = v8 / v9;
        d[0] = v10;
        if (!isfinite(v10))
            return 0;
    }
    return 1;
}

static inline int compute_log_sigmoid(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = x1 <= 0.0 || x1 != x1 ? x1 : 0.0;
    const double v2 = fabs(x1);
    const double v3 = -v2;
    const double v4 = exp(v3);
    const double v5 = log1p(v4);
    const double v6 = v1 - v5;
    *y = v6;
    if (!(isfinite(v4) && isfinite(v5) && isfinite(v6)))
        return 0;
    if (wanted & 1u) {
        const double v7 = -x1;
        const double v8 = v7 > 0.0 ? 1.0 : v7 <= 0.0 ? 0.0 : v7;
        const double v9 = v8 >= v4 || v8 != v8 ? v8 : v4;
        const double v10 = 1.0 + v4;
        const double v11 = v9 / v10;
        d[0] = v11;
        if (!isfinite(v11))
            return 0;
    }
    return 1;
}

static inline int compute_relu(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = x1 >= 0.0 || x1 != x1 ? x1 : 0.0;
    *y = v1;
    if (!(isfinite(v1)))
        return 0;
    if (wanted & 1u) {
        const double v2 = x1 > 0.0 ? 1.0 : 0.0;
        d[0] = v2;
        if (!isfinite(v2))
            return 0;
    }
    return 1;
}

static inline int compute_leaky_relu(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = x1 >= 0.0 || x1 != x1 ? x1 : 0.0;
    const double v2 = x1 <= 0.0 || x1 != x1 ? x1 : 0.0;
    const double v3 = 0.01 * v2;
    const double v4 = v1 + v3;
    *y = v4;
    if (!(isfinite(v4)))
        return 0;
    if (wanted & 1u) {
        const double v5 = x1 > 0.0 ? 1.0 : 0.01;
        d[0] = v5;
        if (!isfinite(v5))
            return 0;
    }
    return 1;
}

static inline int compute_elu(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = x1 >= 0.0 || x1 != x1 ? x1 : 0.0;
    const double v2 = x1 <= 0.0 || x1 != x1 ? x1 : 0.0;
    const double v3 = expm1(v2);
    const double v4 = v1 + v3;
    *y = v4;
    if (!(isfinite(v3) && isfinite(v4)))
        return 0;
    if (wanted & 1u) {
        const double v5 = x1 > 0.0 ? 0.0 : x1;
        const double v6 = exp(v5);
        const double v7 = x1 > 0.0 ? 1.0 : v6;
        d[0] = v7;
        if (!isfinite(v7))
            return 0;
    }
    return 1;
}

static inline int compute_gelu(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = x1 <= 64.0 || x1 != x1 ? x1 : 64.0;
    const double v2 = v1 >= (-64.0) || v1 != v1 ? v1 : (-64.0);
    const double v3 = 6442450944.0 + v2;
    const double v4 = v3 - 6442450944.0;
    const double v5 = v2 - v4;
    const double v6 = 0.7071067811865476 * v2;
    const double v7 = 0.7071067839860916 * v4;
    const double v8 = v7 - v6;
    const double v9 = (-2.799544089368687e-09) * v4;
    const double v10 = 0.7071067811865476 * v5;
    const double v11 = v9 + v10;
    const double v12 = v8 + v11;
    const double v13 = -v6;
    const double v14 = erfc(v13);
    const double v15 = 0.5 * v14;
    const double v16 = v6 * v13;
    const double v17 = exp(v16);
    const double v18 = v17 / 1.7724538509055159;
    const double v19 = v12 * v18;
    const double v20 = v15 + v19;
    const double v21 = x1 * v20;
    *y = v21;
    if (!(isfinite(v14) && isfinite(v17) && isfinite(v18) && isfinite(v21)))
        return 0;
    if (wanted & 1u) {
        const double v22 = (-0.5) * v4;
        const double v23 = v4 * v22;
        const double v24 = exp(v23);
        const double v25 = (-0.5) * v5;
        const double v26 = v2 + v4;
        const double v27 = v25 * v26;
        const double v28 = exp(v27);
        const double v29 = v24 * v28;
        const double v30 = v29 / 2.5066282746310002;
        const double v31 = x1 * v30;
        const double v32 = v20 + v31;
        d[0] = v32;
        if (!isfinite(v32))
            return 0;
    }
    return 1;
}

static inline int compute_silu(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = fabs(x1);
    const double v2 = -v1;
    const double v3 = exp(v2);
    const double v4 = x1 > 0.0 ? 1.0 : x1 <= 0.0 ? 0.0 : x1;
    const double v5 = v4 >= v3 || v4 != v4 ? v4 : v3;
    const double v6 = 1.0 + v3;
    const double v7 = v5 / v6;
    const double v8 = x1 * v7;
    *y = v8;
    if (!(isfinite(v3) && isfinite(v7) && isfinite(v8)))
        return 0;
    if (wanted & 1u) {
        const double v9 = -x1;
        const double v10 = v9 > 0.0 ? 1.0 : v9 <= 0.0 ? 0.0 : v9;
        const double v11 = v10 >= v3 || v10 != v10 ? v10 : v3;
        const double v12 = v11 / v6;
        const double v13 = x1 * v12;
        const double v14 = 1.0 + v13;
        const double v15 = v7 * v14;
        d[0] = v15;
        if (!isfinite(v15))
            return 0;
    }
    return 1;
}

static inline int compute_finite(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double v1 = fabs(x1);
    const double v2 = 1.7976931348623157e+308 - v1;
    const double v3 = x1 > 0.0 ? 1.0 : x1 < 0.0 ? -1.0 : x1;
    const double v4 = 1.7976931348623157e+308 * v3;
    const double v5 = v2 > 0.0 ? x1 : v4;
    *y = v5;
    if (!(isfinite(v5)))
        return 0;
    if (wanted & 1u) {
        const double v6 = v2 > 0.0 ? 1.0 : 0.0;
        d[0] = v6;
        if (!isfinite(v6))
            return 0;
    }
    return 1;
}

static inline int compute_logaddexp(const double *x, double *y, double *d, unsigned wanted)
{
    const double x1 = x[0];
    const double x2 = x[1];
    const double v1 = x1 >= x2 || x1 != x1 ? x1 : x2;
    const double v2 = x1 - x2;
    const double v3 = fabs(v2);
    const double v4 = -v3;
    const double v5 = v3 > 0.0 ? v4 : 0.0;
    const double v6 = exp(v5);
    const double v7 = log1p(v6);
    const double v8 = v1 + v7;
    *y = v8;
    if (!(isfinite(v6) && isfinite(v7) && isfinite(v8)))
        return 0;
    if (wanted & 1u) {
        const double v9 = exp(v4);
        const double v10 = v2 > 0.0 ? 1.0 : v2 <= 0.0 ? 0.0 : v2;
        const double v11 = v10 >= v9 || v10 != v10 ? v10 : v9;
        const double v12 = 1.0 + v9;
        const double v13 = v11 / v12;
        d[0] = v13;
        if (!isfinite(v13))
            return 0;
    }
    if (wanted & 2u) {
        const double v14 = x2 - x1;
        const double v15 = fabs(v14);
        const double v16 = -v15;
        const double v17 = exp(v16);
        const double v18 = v14 > 0.0 ? 1.0 : v14 <= 0.0 ? 0.0 : v14;
        const double v19 = v18 >= v17 || v18 != v18 ? v18 : v17;
        const double v20 = 1.0 + v17;
        const double v21 = v19 / v20;
        d[1] = v21;
        if (!isfinite(v21))
            return 0;
    }
    return 1;
}

typedef int (*kernel)(const double *x, double *y, double *d, unsigned wanted);

static const struct { const char *name; int arity; kernel compute; } kernels[] = {
    {"add", 2, compute_add},
    {"sub", 2, compute_sub},
    {"mul", 2, compute_mul},
    {"div", 2, compute_div},
    {"neg", 1, compute_neg},
    {"abs", 1, compute_abs},
    {"pow", 2, compute_pow},
    {"pow_slope", 2, compute_pow_slope},
    {"pow_log", 2, compute_pow_log},
    {"step", 1, compute_step},
    {"sign", 1, compute_sign},
    {"where", 3, compute_where},
    {"branch", 3, compute_branch},
    {"minimum", 2, compute_minimum},
    {"maximum", 2, compute_maximum},
    {"strong_mul", 2, compute_strong_mul},
    {"guard", 2, compute_guard},
    {"exp", 1, compute_exp},
    {"expm1", 1, compute_expm1},
    {"log", 1, compute_log},
    {"log1p", 1, compute_log1p},
    {"log2", 1, compute_log2},
    {"log10", 1, compute_log10},
    {"sqrt", 1, compute_sqrt},
    {"sin", 1, compute_sin},
    {"cos", 1, compute_cos},
    {"tan", 1, compute_tan},
    {"asin", 1, compute_asin},
    {"acos", 1, compute_acos},
    {"atan", 1, compute_atan},
    {"atan2", 2, compute_atan2},
    {"hypot", 2, compute_hypot},
    {"unit", 2, compute_unit},
    {"inversion", 2, compute_inversion},
    {"sinh", 1, compute_sinh},
    {"cosh", 1, compute_cosh},
    {"sech", 1, compute_sech},
    {"tanh", 1, compute_tanh},
    {"asinh", 1, compute_asinh},
    {"acosh", 1, compute_acosh},
    {"atanh", 1, compute_atanh},
    {"gaussian", 1, compute_gaussian},
    {"erf", 1, compute_erf},
    {"erfc", 1, compute_erfc},
    {"normal_density", 1, compute_normal_density},
    {"normal_cdf", 1, compute_normal_cdf},
    {"sigmoid", 1, compute_sigmoid},
    {"softplus", 1, compute_softplus},
    {"log_sigmoid", 1, compute_log_sigmoid},
    {"relu", 1, compute_relu},
    {"leaky_relu", 1, compute_leaky_relu},
    {"elu", 1, compute_elu},
    {"gelu", 1, compute_gelu},
    {"silu", 1, compute_silu},
    {"finite", 1, compute_finite},
    {"logaddexp", 2, compute_logaddexp},
};

static inline double base_op(int code, double a, double b, double c)
{
    switch (code) {
    case 0: return a + b;
    case 1: return a - b;
    case 2: return a * b;
    case 3: return a / b;
    case 4: return -a;
    case 5: return fabs(a);
    case 6: return pow(a, b);
    case 7: return a > 0.0 ? 1.0 : a <= 0.0 ? 0.0 : a;
    case 8: return a > 0.0 ? 1.0 : a < 0.0 ? -1.0 : a;
    case 9: return a > 0.0 ? b : c;
    case 10: return a <= b || a != a ? a : b;
    case 11: return a >= b || a != a ? a : b;
    case 12: return a != 0.0 || b - b == 0.0 ? a * b : a;
    case 13: return a <= 0.0 ? 0.0 : b;
    case 14: return exp(a);
    case 15: return expm1(a);
    case 16: return log(a);
    case 17: return log1p(a);
    case 18: return log2(a);
    case 19: return log10(a);
    case 20: return sqrt(a);
    case 21: return sin(a);
    case 22: return cos(a);
    case 23: return tan(a);
    case 24: return asin(a);
    case 25: return acos(a);
    case 26: return atan(a);
    case 27: return atan2(a, b);
    case 28: return length(a, b);
    case 29: return sinh(a);
    case 30: return cosh(a);
    case 31: return tanh(a);
    case 32: return asinh(a);
    case 33: return acosh(a);
    case 34: return atanh(a);
    case 35: return erf(a);
    case 36: return erfc(a);
    default: return NAN;
    }
}

static const unsigned char base_op_may_fail[] = {0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

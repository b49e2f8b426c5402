"""The parts of a native module that are the same for every program: the loops over the points of a batch."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["EACH_FUNCTION", "ONCE_FUNCTION", "POINTS", "ROWS", "SUMS", "VECTORS", "Leaving"]

VECTORS = 16  # how many a function runs over before the next one does

ONCE_FUNCTION = """\
define internal void @once_{number}(ptr noalias %args, ptr noalias %once, ptr noalias %out) noinline {{
{body}
  ret void
}}
"""

EACH_FUNCTION = """\
define internal void @each_{number}(ptr noalias %args, ptr noalias %once, ptr noalias %frames, ptr noalias %out,
                                    {parameters}, i64 %vectors) noinline {{
{before}
  br label %loop
loop:
{phis}
  %k = phi i64 [ 0, %0 ], [ %next, %loop ]
  %k_frame = mul i64 %k, {n_frame}
  %frame = getelementptr <{lanes} x double>, ptr %frames, i64 %k_frame
  %taken = mul i64 %k, {lanes}
{place}
{body}
  %next = add i64 %k, 1
  %more = icmp slt i64 %next, %vectors
  br i1 %more, label %loop, label %done
done:
{after}
  ret void
}}
"""


class Leaving(NamedTuple):
    """How the outputs of the vectors leave a function.

    Attributes:
        parameters: those of the function that say where to.
        place: in the function, what it makes of them for one vector.
        plan: in the loop over all vectors, how many the function takes next, and what it is called with.
        arguments: what it is called with.
    """

    parameters: str
    place: str
    plan: str
    arguments: str


# Into the matrix at whole, row by row; those of a last vector that is not full go to tail, which has one vector a row.
ROWS = Leaving(
    parameters="i64 %ld_out, i64 %i_first",
    place="  %i_out = add i64 %i_first, %taken",
    plan="""\
  %full = icmp sge i64 %left, {lanes}
  %out = select i1 %full, ptr %whole, ptr %tail
  %ld_out = select i1 %full, i64 %batch, i64 {lanes}
  %i_out = select i1 %full, i64 %i, i64 0
  %whole_vectors = udiv i64 %left, {lanes}
  %some = call i64 @llvm.umax.i64(i64 %whole_vectors, i64 1)
""",
    arguments="ptr %out, i64 %ld_out, i64 %i_out",
)
# To the sums at whole, a vector for each output; of a last vector that is not full only the lanes that hold a point.
SUMS = Leaving(
    parameters="i64 %left_then",
    place="""\
  %left = sub i64 %left_then, %taken
  %left_0 = insertelement <{lanes} x i64> poison, i64 %left, i64 0
  %left_all = shufflevector <{lanes} x i64> %left_0, <{lanes} x i64> poison, <{lanes} x i32> zeroinitializer
  %holds = icmp slt <{lanes} x i64> <{numbers}>, %left_all
""",
    plan="""\
  %begun = add i64 %left, {last_lane}
  %some = udiv i64 %begun, {lanes}
""",
    arguments="ptr %whole, i64 %left",
)

POINTS = """\
; All that is the same at every point.
define void @once(ptr %args, ptr %once, ptr %out) {{
{once_calls}
  ret void
}}

; The points from start to stop, some vectors at a time.
define void @each(ptr %args, ptr %once, ptr %frames, ptr %whole, ptr %tail, i64 %batch, i64 %start, i64 %stop) {{
  br label %loop
loop:
  %i = phi i64 [ %start, %0 ], [ %next, %points ]
  %left = sub i64 %stop, %i
  %more = icmp sgt i64 %left, 0
  br i1 %more, label %points, label %done
points:
{plan}
  %vectors = call i64 @llvm.umin.i64(i64 %some, i64 {vectors})
  call void @fetch(ptr %args, ptr %frames, i64 %batch, i64 %i, i64 %left, i64 %vectors)
{each_calls}
  %taken = mul i64 %vectors, {lanes}
  %next = add i64 %i, %taken
  br label %loop
done:
  ret void
}}
declare i64 @llvm.umax.i64(i64, i64)
declare i64 @llvm.umin.i64(i64, i64)

; The inputs of the next vectors, into their frames.
define internal void @fetch(ptr %args, ptr %frames, i64 %batch, i64 %first, i64 %left_then, i64 %vectors) noinline {{
  br label %loop
loop:
  %k = phi i64 [ 0, %0 ], [ %next, %loop ]
  %k_frame = mul i64 %k, {n_frame}
  %frame = getelementptr <{lanes} x double>, ptr %frames, i64 %k_frame
  %taken = mul i64 %k, {lanes}
  %i = add i64 %first, %taken
  %left = sub i64 %left_then, %taken
{fetches}
  %next = add i64 %k, 1
  %more = icmp slt i64 %next, %vectors
  br i1 %more, label %loop, label %done
done:
  ret void
}}

define internal void @fetch_rows(ptr %from, i64 %rows, i64 %batch, i64 %i, i64 %left, ptr %to) noinline {{
  br label %loop
loop:
  %row = phi i64 [ 0, %0 ], [ %next, %loop ]
  %start = mul i64 %row, %batch
  %offset = add i64 %start, %i
  %source = getelementptr double, ptr %from, i64 %offset
  %target = getelementptr <{lanes} x double>, ptr %to, i64 %row
  call void @fetch_vector(ptr %source, i64 %left, ptr %target)
  %next = add i64 %row, 1
  %more = icmp slt i64 %next, %rows
  br i1 %more, label %loop, label %done
done:
  ret void
}}

define internal void @fetch_vector(ptr %from, i64 %left, ptr %to) noinline {{
  %full = icmp sge i64 %left, {lanes}
  br i1 %full, label %vector, label %rest
vector:
  %v = load <{lanes} x double>, ptr %from, align 8
  store <{lanes} x double> %v, ptr %to, align 8
  ret void
rest:  ; the lanes beyond the last point repeat it
  %last = sub i64 %left, 1
  br label %lane
lane:
  %k = phi i64 [ 0, %rest ], [ %next, %lane ]
  %j = call i64 @llvm.umin.i64(i64 %k, i64 %last)
  %source = getelementptr double, ptr %from, i64 %j
  %x = load double, ptr %source
  %target = getelementptr double, ptr %to, i64 %k
  store double %x, ptr %target
  %next = add i64 %k, 1
  %more = icmp slt i64 %next, {lanes}
  br i1 %more, label %lane, label %done
done:
  ret void
}}

; Add the sums over all lanes, divided by the size of the batch, to out. Afterwards the sums are 0, as they have to be
; before the next batch.
define void @finish(ptr noalias %sums, i64 %n, i64 %batch, ptr noalias %out) {{
  %size = sitofp i64 %batch to double
  br label %loop
loop:
  %k = phi i64 [ 0, %0 ], [ %next, %output ]
  %more = icmp slt i64 %k, %n
  br i1 %more, label %output, label %done
output:
  %at_sum = getelementptr <{lanes} x double>, ptr %sums, i64 %k
  %sum = load <{lanes} x double>, ptr %at_sum, align 8
  store <{lanes} x double> zeroinitializer, ptr %at_sum, align 8
  %total = call reassoc double @llvm.vector.reduce.fadd.v{lanes}f64(double 0.0, <{lanes} x double> %sum)
  %mean = fdiv double %total, %size
  %at_out = getelementptr double, ptr %out, i64 %k
  %before = load double, ptr %at_out
  %is_zero = fcmp oeq double %mean, 0.0
  %sum_of_both = fadd double %before, %mean
  %after = select i1 %is_zero, double %before, double %sum_of_both  ; an output that is -0.0 at every point stays so
  store double %after, ptr %at_out
  %next = add i64 %k, 1
  br label %loop
done:
  ret void
}}
declare double @llvm.vector.reduce.fadd.v{lanes}f64(double, <{lanes} x double>)

; The means over a batch, on this thread alone; places holds what the other functions take, and means one entry each.
define void @means(ptr %places, i64 %batch) {{
  %args = load ptr, ptr %places
  %at_once = getelementptr ptr, ptr %places, i64 1
  %once = load ptr, ptr %at_once
  %at_frames = getelementptr ptr, ptr %places, i64 2
  %frames = load ptr, ptr %at_frames
  %at_sums = getelementptr ptr, ptr %places, i64 3
  %sums = load ptr, ptr %at_sums
  %at_out = getelementptr ptr, ptr %places, i64 4
  %out = load ptr, ptr %at_out
  %at_before = getelementptr ptr, ptr %places, i64 5
  %before = load ptr, ptr %at_before
  %at_n = getelementptr i64, ptr %places, i64 6
  %n = load i64, ptr %at_n
  %bytes = mul i64 %n, 8
  call void @llvm.memcpy.p0.p0.i64(ptr %out, ptr %before, i64 %bytes, i1 false)
  call void @once(ptr %args, ptr %once, ptr %out)
  call void @each(ptr %args, ptr %once, ptr %frames, ptr %sums, ptr null, i64 %batch, i64 0, i64 %batch)
  call void @finish(ptr %sums, i64 %n, i64 %batch, ptr %out)
  ret void
}}
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
"""

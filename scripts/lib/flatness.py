# SPDX-License-Identifier: Apache-2.0
"""Whether a series of samples is flat: by the straight line that fits it best."""


def slope(points):
    """Of the least squares line through (time, value) points, in value a second."""
    count = len(points)
    mean_time = sum(time for time, _ in points) / count
    mean_value = sum(value for _, value in points) / count
    spread = sum((time - mean_time) ** 2 for time, _ in points)
    if spread == 0:
        return 0.0
    return sum((time - mean_time) * (value - mean_value) for time, value in points) / spread


def rise(points):
    """How much the line rises from the first sample to the last."""
    return slope(points) * (points[-1][0] - points[0][0])


def grew(points, part, least):
    """(rise, bound, whether it is beyond it). The bound: a part of what there is on average, and at
    least `least`, below which a short run cannot tell growth from breath."""
    bound = max(least, part * sum(value for _, value in points) / len(points))
    risen = rise(points)
    return risen, bound, risen > bound

namespace MMDetSharp.Models.DenseHeads.Darknet;

/// <summary>
/// How a predicted box must change for its overlap to grow: Darknet's derivatives of IoU, GIoU (Rezatofighi et al.,
/// arXiv:1902.09630), DIoU (Zheng et al., arXiv:1911.08287) and CIoU (arXiv:2005.03572) by x, y, w and h.
/// </summary>
/// <remarks>
/// As AlexeyAB's darknet, box.c, dx_box_iou, which differs from the true derivatives: by width and height they are not
/// halved; the enclosing box enters the distance's derivative by x and y with the other sign; the ratio's derivative has
/// no 1 / (w^2 + h^2), as its paper recommends.
/// </remarks>
internal sealed class DarknetBoxGradient
{
    private readonly RelativeBox _box;
    private readonly RelativeBox _truth;
    private readonly double _overlapWidth;
    private readonly double _overlapHeight;
    private readonly double _union;
    private readonly double _outerWidth;
    private readonly double _outerHeight;

    private DarknetBoxGradient(RelativeBox box, RelativeBox truth)
    {
        (_box, _truth) = (box, truth);
        _overlapWidth = Math.Min(box.Right, truth.Right) - Math.Max(box.Left, truth.Left);
        _overlapHeight = Math.Min(box.Bottom, truth.Bottom) - Math.Max(box.Top, truth.Top);
        _union = (box.Width * box.Height) + (truth.Width * truth.Height) - Overlap;
        _outerWidth = Math.Max(box.Right, truth.Right) - Math.Min(box.Left, truth.Left);
        _outerHeight = Math.Max(box.Bottom, truth.Bottom) - Math.Min(box.Top, truth.Top);
    }

    private double Overlap => _overlapWidth * _overlapHeight;

    private bool AreApart => _overlapWidth <= 0 || _overlapHeight <= 0;

    /// <summary>The direction in which the overlap grows: (x, y, w, h).</summary>
    /// <param name="box">Predicted; sides of 0 count as 1.</param>
    /// <param name="truth">The object's annotated box.</param>
    /// <param name="kind"><c>iou</c>, <c>giou</c>, <c>diou</c> or <c>ciou</c>.</param>
    internal static double[] Of(RelativeBox box, RelativeBox truth, string kind)
    {
        box = box with { Width = box.Width == 0 ? 1 : box.Width, Height = box.Height == 0 ? 1 : box.Height };
        var at = new DarknetBoxGradient(box, truth);
        return kind switch
        {
            "giou" => ToCentre(at.AreApart ? at.Enclosure() : Sum(at.IoU(), at.Enclosure())),
            "diou" => at.AreApart ? at.Distance() : Sum(ToCentre(at.IoU()), at.Distance()),
            "ciou" => Sum(at.AreApart ? at.Distance() : Sum(ToCentre(at.IoU()), at.Distance()), at.Ratio()),
            _ => ToCentre(at.IoU()),
        };
    }

    // By the left, right, top and bottom edge; of the intersection over the union: (U I' - I U') / U^2.
    private double[] IoU()
    {
        var (overlap, union) = (OverlapByEdges(), UnionByEdges());
        return [.. overlap.Zip(union, (i, u) => _union > 0 ? ((_union * i) - (Overlap * u)) / (_union * _union) : 0)];
    }

    // Of U / C, C the area of the box around both.
    private double[] Enclosure()
    {
        var area = _outerWidth * _outerHeight;
        double[] outer =
        [
            _box.Left < _truth.Left ? -_outerHeight : 0, _box.Right > _truth.Right ? _outerHeight : 0,
            _box.Top < _truth.Top ? -_outerWidth : 0, _box.Bottom > _truth.Bottom ? _outerWidth : 0,
        ];
        return [.. outer.Zip(UnionByEdges(), (c, u) => area > 0 ? ((area * u) - (_union * c)) / (area * area) : 0)];
    }

    private double[] OverlapByEdges() =>
    [
        _box.Left > _truth.Left ? -_overlapHeight : 0, _box.Right < _truth.Right ? _overlapHeight : 0,
        _box.Top > _truth.Top ? -_overlapWidth : 0, _box.Bottom < _truth.Bottom ? _overlapWidth : 0,
    ];

    private double[] UnionByEdges()
    {
        double[] area = [-_box.Height, _box.Height, -_box.Width, _box.Width];
        return [.. area.Zip(OverlapByEdges(), (x, i) => x - i)];
    }

    // Of the squared distance of the centres over the squared diagonal of the box around both, negative; by (x, y, w, h).
    private double[] Distance()
    {
        var diagonal = (_outerWidth * _outerWidth) + (_outerHeight * _outerHeight);
        if (diagonal <= 0)
        {
            return [0, 0, 0, 0];
        }

        var (x, y) = (_truth.X - _box.X, _truth.Y - _box.Y);
        var distance = (x * x) + (y * y);
        var (left, right) = (_box.Left < _truth.Left ? 1 : 0, _box.Right > _truth.Right ? 1 : 0);
        var (top, bottom) = (_box.Top < _truth.Top ? 1 : 0, _box.Bottom > _truth.Bottom ? 1 : 0);
        var square = diagonal * diagonal;
        return
        [
            ((2 * x * diagonal) - (2 * _outerWidth * (right - left) * distance)) / square,
            ((2 * y * diagonal) - (2 * _outerHeight * (bottom - top) * distance)) / square,
            _outerWidth * (right + left) * distance / square,
            _outerHeight * (bottom + top) * distance / square,
        ];
    }

    // Of the difference of the ratios of sides: arXiv:2005.03572, equations 9 to 11; by (x, y, w, h).
    private double[] Ratio()
    {
        const double scale = 4 / (Math.PI * Math.PI);
        var angle = Math.Atan(_truth.Width / _truth.Height) - Math.Atan(_box.Width / _box.Height);
        var v = scale * angle * angle;
        var alpha = v / (1 - (Overlap / _union) + v + 1e-6);
        return [0, 0, alpha * 2 * scale * angle * _box.Height, -alpha * 2 * scale * angle * _box.Width];
    }

    private static double[] ToCentre(double[] edges) =>
        [edges[0] + edges[1], edges[2] + edges[3], edges[1] - edges[0], edges[3] - edges[2]];

    private static double[] Sum(double[] first, double[] second) => [.. first.Zip(second, (a, b) => a + b)];
}

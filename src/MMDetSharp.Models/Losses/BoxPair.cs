using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Losses;

/// <summary>What the distance losses measure between a predicted and a true box. All tensors are (N).</summary>
internal sealed class BoxPair
{
    private readonly Tensor[] _first;
    private readonly Tensor[] _second;
    private readonly double _epsilon;

    /// <param name="prediction">(N, 4) xyxy.</param>
    /// <param name="target">(N, 4) xyxy.</param>
    /// <param name="epsilon">Added to denominators.</param>
    internal BoxPair(Tensor prediction, Tensor target, double epsilon)
    {
        (_first, _second, _epsilon) = (prediction.Unbind(-1), target.Unbind(-1), epsilon);
        var overlap = (_first[2].Minimum(_second[2]) - _first[0].Maximum(_second[0])).Clamp(min: 0)
            * (_first[3].Minimum(_second[3]) - _first[1].Maximum(_second[1])).Clamp(min: 0);
        IoU = overlap / (Area(_first) + Area(_second) - overlap + epsilon);
    }

    /// <summary>Intersection over union.</summary>
    internal Tensor IoU { get; }

    /// <summary>IoU minus the normalised distance of the centres: arXiv:1911.08287, equation 6.</summary>
    internal Tensor DIoU()
    {
        var width = (_first[2].Maximum(_second[2]) - _first[0].Minimum(_second[0])).Clamp(min: 0);
        var height = (_first[3].Maximum(_second[3]) - _first[1].Minimum(_second[1])).Clamp(min: 0);
        var diagonal = width.Pow(2) + height.Pow(2) + _epsilon;
        var distance = (_second[0] + _second[2] - (_first[0] + _first[2])).Pow(2) / 4
            + (_second[1] + _second[3] - (_first[1] + _first[3])).Pow(2) / 4;
        return IoU - (distance / diagonal);
    }

    /// <summary>The difference of the diagonals' angles: arXiv:2005.03572, equation 9.</summary>
    internal Tensor AngleDifference() => Angle(_second) - Angle(_first);

    private static Tensor Area(Tensor[] box) => (box[2] - box[0]) * (box[3] - box[1]);

    private Tensor Angle(Tensor[] box) => ((box[2] - box[0]) / (box[3] - box[1] + _epsilon)).Atan();
}

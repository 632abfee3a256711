using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Losses;

/// <summary>
/// Weighs examples by how many others have a gradient as long as theirs, which is counted in equal unit regions: Li et al.,
/// "Gradient Harmonized Single-stage Detector", arXiv:1811.05181, section 3.2 and equations 4, 10 and 11. Keys: edges, and
/// acc_sum where there is momentum.
/// </summary>
public sealed class GradientDensity : Module
{
    private readonly double _momentum;
    private readonly Tensor _edges;
    private readonly Tensor? _counts;

    /// <param name="bins">M: the unit regions between gradients of length 0 and 1.</param>
    /// <param name="momentum">alpha of equation 11: the share of earlier counts; 0: none are kept.</param>
    /// <param name="last">The edge behind the last region, at least 1, which it includes.</param>
    public GradientDensity(int bins, double momentum, float last)
    {
        _momentum = momentum;
        float[] edges = [.. Enumerable.Range(0, bins).Select(i => (float)i / bins), last];
        _edges = RegisterBuffer("edges", Tensor.From(edges, edges.Length));
        _counts = momentum > 0 ? RegisterBuffer("acc_sum", Tensor.Zeros([bins])) : null;
    }

    /// <summary>Weighs examples, and counts them while the module is trained.</summary>
    /// <param name="lengths">The lengths of their gradients, in [0, 1], any shape.</param>
    /// <param name="counts">Which of them count, the same shape, bool.</param>
    /// <param name="total">N.</param>
    /// <returns>beta of the same shape: N / density, 0 for those that do not count; it belongs to the caller.</returns>
    internal Tensor Weigh(Tensor lengths, Tensor counts, double total)
    {
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        var bins = (int)_edges.Size(0) - 1;
        var others = Tensor.Full([], bins, ScalarType.Int64, lengths.Device);
        var regions = Tensor.Where(counts, lengths.Bucketize(_edges) - 1, others); // those that do not count stand behind
        var found = regions.Flatten().BinCount(bins + 1).Narrow(0, 0, bins).To(lengths.Type); // (M) R_k
        var filled = found.Gt(0);
        var weights = total / Density(found) / Math.Max(filled.Sum().Item(), 1); // equation 4, over the regions in use
        weights = Tensor.Where(filled, weights, Tensor.ZerosLike(weights));
        return scope.Keep(
            Tensor.Cat(0, weights, Tensor.Zeros([1], device: lengths.Device))[regions.Flatten()].Reshape(lengths.Shape));
    }

    // Equation 11. Regions without an example keep what they have.
    private Tensor Density(Tensor found)
    {
        if (_counts is null)
        {
            return found;
        }

        var moved = Tensor.Where(found.Gt(0), (_counts * _momentum) + (found * (1 - _momentum)), _counts);
        if (Training)
        {
            _counts.CopyFromInPlace(moved);
        }

        return moved;
    }
}

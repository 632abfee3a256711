namespace MMDetSharp.Torch.Tensors;

/// <content>Sums, extremes, order.</content>
public sealed partial class Tensor
{
    private static readonly Operator s_all = new("aten::all");
    private static readonly Operator s_allDim = new("aten::all", "dim");
    private static readonly Operator s_amax = new("aten::amax");
    private static readonly Operator s_any = new("aten::any");
    private static readonly Operator s_anyDim = new("aten::any", "dim");
    private static readonly Operator s_argmax = new("aten::argmax");
    private static readonly Operator s_argmin = new("aten::argmin");
    private static readonly Operator s_cumsum = new("aten::cumsum");
    private static readonly Operator s_max = new("aten::max");
    private static readonly Operator s_maxDim = new("aten::max", "dim");
    private static readonly Operator s_mean = new("aten::mean");
    private static readonly Operator s_meanDim = new("aten::mean", "dim");
    private static readonly Operator s_min = new("aten::min");
    private static readonly Operator s_minDim = new("aten::min", "dim");
    private static readonly Operator s_nonzero = new("aten::nonzero");
    private static readonly Operator s_bucketize = new("aten::bucketize", "Tensor");
    private static readonly Operator s_bincount = new("aten::bincount");
    private static readonly Operator s_normScalar = new("aten::norm", "Scalar");
    private static readonly Operator s_prodDimInt = new("aten::prod", "dim_int");
    private static readonly Operator s_sortStable = new("aten::sort", "stable");
    private static readonly Operator s_std = new("aten::std");
    private static readonly Operator s_sum = new("aten::sum");
    private static readonly Operator s_sumDimIntlist = new("aten::sum", "dim_IntList");
    private static readonly Operator s_topk = new("aten::topk");

    /// <summary>The sum of all elements.</summary>
    /// <returns>A scalar.</returns>
    public Tensor Sum() => s_sum.Call(this, Value.None);

    /// <summary>The sum along a dimension.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="keepDim">Whether it stays, with size 1.</param>
    public Tensor Sum(int dim, bool keepDim = false) =>
        s_sumDimIntlist.Call(this, new long[] { dim }, keepDim, Value.None);

    /// <summary>The sum along several dimensions.</summary>
    /// <param name="dims">The dimensions.</param>
    /// <param name="keepDim">Whether they stay, with size 1.</param>
    public Tensor Sum(long[] dims, bool keepDim = false) => s_sumDimIntlist.Call(this, dims, keepDim, Value.None);

    /// <summary>The mean of all elements.</summary>
    /// <returns>A scalar.</returns>
    public Tensor Mean() => s_mean.Call(this, Value.None);

    /// <summary>The mean along a dimension.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="keepDim">Whether it stays, with size 1.</param>
    public Tensor Mean(int dim, bool keepDim = false) =>
        s_meanDim.Call(this, new long[] { dim }, keepDim, Value.None);

    /// <summary>The mean along several dimensions.</summary>
    /// <param name="dims">The dimensions.</param>
    /// <param name="keepDim">Whether they stay, with size 1.</param>
    public Tensor Mean(long[] dims, bool keepDim = false) => s_meanDim.Call(this, dims, keepDim, Value.None);

    /// <summary>The product along a dimension.</summary>
    /// <param name="dim">The dimension.</param>
    public Tensor Prod(int dim) => s_prodDimInt.Call(this, dim, false, Value.None);

    /// <summary>The standard deviation of all elements.</summary>
    /// <param name="unbiased">Whether to divide by N - 1.</param>
    public Tensor Std(bool unbiased = true) => s_std.Call(this, unbiased);

    /// <summary>The p-norm of all elements.</summary>
    /// <param name="p">Infinity for the largest magnitude.</param>
    public Tensor Norm(double p = 2) => s_normScalar.Call(this, p);

    /// <summary>The largest element.</summary>
    /// <returns>A scalar.</returns>
    /// <exception cref="TorchException">There is no element.</exception>
    public Tensor Max() => s_max.Call(this);

    /// <summary>The largest element along a dimension, and where it stands.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="keepDim">Whether it stays, with size 1.</param>
    /// <exception cref="TorchException">The dimension is empty.</exception>
    public (Tensor Values, Tensor Indices) Max(int dim, bool keepDim = false) =>
        Pair(s_maxDim.CallMany(this, dim, keepDim));

    /// <summary>The smallest element.</summary>
    /// <returns>A scalar.</returns>
    /// <exception cref="TorchException">There is no element.</exception>
    public Tensor Min() => s_min.Call(this);

    /// <summary>The smallest element along a dimension, and where it stands.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="keepDim">Whether it stays, with size 1.</param>
    /// <exception cref="TorchException">The dimension is empty.</exception>
    public (Tensor Values, Tensor Indices) Min(int dim, bool keepDim = false) =>
        Pair(s_minDim.CallMany(this, dim, keepDim));

    /// <summary>Where the largest element along a dimension stands; the first one of equals.</summary>
    /// <param name="dim">The dimension.</param>
    public Tensor ArgMax(int dim) => s_argmax.Call(this, dim, false);

    /// <summary>Where the smallest element along a dimension stands; the first one of equals.</summary>
    /// <param name="dim">The dimension.</param>
    public Tensor ArgMin(int dim) => s_argmin.Call(this, dim, false);

    /// <summary>The largest elements along a dimension, without their places: faster than <see cref="Max(int, bool)"/>.</summary>
    /// <param name="dim">The dimension that goes.</param>
    public Tensor AMax(int dim) => s_amax.Call(this, new long[] { dim }, false);

    /// <summary>Whether any element is true.</summary>
    /// <returns>A scalar truth value.</returns>
    public Tensor Any() => s_any.Call(this);

    /// <summary>Whether any element along a dimension is true.</summary>
    /// <param name="dim">The dimension.</param>
    public Tensor Any(int dim) => s_anyDim.Call(this, dim, false);

    /// <summary>Whether all elements are true.</summary>
    /// <returns>A scalar truth value.</returns>
    public Tensor All() => s_all.Call(this);

    /// <summary>Whether all elements along a dimension are true.</summary>
    /// <param name="dim">The dimension.</param>
    public Tensor All(int dim) => s_allDim.Call(this, dim, false);

    /// <summary>The running sum along a dimension.</summary>
    /// <param name="dim">The dimension.</param>
    public Tensor CumSum(int dim) => s_cumsum.Call(this, dim, Value.None);

    /// <summary>For each element the number of rising edges that are not above it: between which two it lies.</summary>
    /// <param name="edges">(E), rising.</param>
    /// <returns>int64 of this shape, 0 to E.</returns>
    public Tensor Bucketize(Tensor edges) => s_bucketize.Call(this, edges, false, true);

    /// <summary>How often each number occurs.</summary>
    /// <param name="count">At least so many numbers, from 0.</param>
    /// <returns>int64, (count) or longer; this tensor is (N), whole numbers from 0.</returns>
    public Tensor BinCount(int count) => s_bincount.Call(this, Value.None, count);

    /// <summary>The k largest elements along a dimension, and where they stand.</summary>
    /// <param name="k">How many; at most the size.</param>
    /// <param name="dim">The dimension.</param>
    /// <param name="largest">False for the smallest ones.</param>
    /// <param name="sorted">Whether they come in order.</param>
    public (Tensor Values, Tensor Indices) TopK(long k, int dim = -1, bool largest = true, bool sorted = true) =>
        Pair(s_topk.CallMany(this, k, dim, largest, sorted));

    /// <summary>The elements in order along a dimension, and where they stood; equal ones keep their order.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="descending">Whether the largest comes first.</param>
    public (Tensor Values, Tensor Indices) Sort(int dim = -1, bool descending = false) =>
        Pair(s_sortStable.CallMany(this, true, dim, descending));

    /// <summary>The indices of the elements that are not 0.</summary>
    /// <returns>(N, rank) indices in row-major order.</returns>
    public Tensor NonZero() => s_nonzero.Call(this);

    private static (Tensor Values, Tensor Indices) Pair(Tensor[] results) => (results[0], results[1]);
}

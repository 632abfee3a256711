namespace MMDetSharp.Torch.Tensors;

/// <content>Shapes, views and indexing.</content>
public sealed partial class Tensor
{
    private static readonly Operator s_chunk = new("aten::chunk");
    private static readonly Operator s_contiguous = new("aten::contiguous");
    private static readonly Operator s_expand = new("aten::expand");
    private static readonly Operator s_expandAs = new("aten::expand_as");
    private static readonly Operator s_flattenUsingInts = new("aten::flatten", "using_ints");
    private static readonly Operator s_flip = new("aten::flip");
    private static readonly Operator s_gather = new("aten::gather");
    private static readonly Operator s_indexSelect = new("aten::index_select");
    private static readonly Operator s_indexTensor = new("aten::index", "Tensor");
    private static readonly Operator s_maskedFillScalar = new("aten::masked_fill", "Scalar");
    private static readonly Operator s_maskedSelect = new("aten::masked_select");
    private static readonly Operator s_narrow = new("aten::narrow");
    private static readonly Operator s_permute = new("aten::permute");
    private static readonly Operator s_repeat = new("aten::repeat");
    private static readonly Operator s_repeatInterleaveSelfInt = new("aten::repeat_interleave", "self_int");
    private static readonly Operator s_reshapeAs = new("aten::reshape_as");
    private static readonly Operator s_reshape = new("aten::reshape");
    private static readonly Operator s_selectInt = new("aten::select", "int");
    private static readonly Operator s_sliceTensor = new("aten::slice", "Tensor");
    private static readonly Operator s_splitTensor = new("aten::split", "Tensor");
    private static readonly Operator s_splitWithSizes = new("aten::split_with_sizes");
    private static readonly Operator s_squeezeDim = new("aten::squeeze", "dim");
    private static readonly Operator s_transposeInt = new("aten::transpose", "int");
    private static readonly Operator s_unbindInt = new("aten::unbind", "int");
    private static readonly Operator s_unsqueeze = new("aten::unsqueeze");
    private static readonly Operator s_view = new("aten::view");

    /// <summary>The same elements with another shape; a view where it can be.</summary>
    /// <param name="shape">Sizes; one may be -1 and follows from the others.</param>
    public Tensor Reshape(params long[] shape) => s_reshape.Call(this, shape);

    /// <summary>The same elements in the shape of another tensor; a recorded network follows that tensor's shape.</summary>
    public Tensor ReshapeAs(Tensor other) => s_reshapeAs.Call(this, other);

    /// <summary>A view with another shape.</summary>
    /// <param name="shape">Sizes; one may be -1 and follows from the others.</param>
    /// <exception cref="TorchException">The elements do not lie so; use <see cref="Reshape"/>.</exception>
    public Tensor View(params long[] shape) => s_view.Call(this, shape);

    /// <summary>A view with the dimensions in another order.</summary>
    /// <param name="dims">All dimensions, each once.</param>
    public Tensor Permute(params long[] dims) => s_permute.Call(this, dims);

    /// <summary>A view with two dimensions exchanged.</summary>
    /// <param name="first">A dimension.</param>
    /// <param name="second">A dimension.</param>
    public Tensor Transpose(int first, int second) => s_transposeInt.Call(this, first, second);

    /// <summary>A view with a new dimension of size 1.</summary>
    /// <param name="dim">Where it stands.</param>
    public Tensor Unsqueeze(int dim) => s_unsqueeze.Call(this, dim);

    /// <summary>A view without a dimension of size 1; other sizes stay.</summary>
    /// <param name="dim">The dimension.</param>
    public Tensor Squeeze(int dim) => s_squeezeDim.Call(this, dim);

    /// <summary>A view that repeats dimensions of size 1.</summary>
    /// <param name="shape">The new sizes; -1 keeps one.</param>
    public Tensor Expand(params long[] shape) => s_expand.Call(this, shape, false);

    /// <summary>A view expanded to the shape of another tensor.</summary>
    /// <param name="other">The tensor.</param>
    public Tensor ExpandAs(Tensor other) => s_expandAs.Call(this, other);

    /// <summary>A copy repeated along each dimension.</summary>
    /// <param name="counts">How often, per dimension.</param>
    public Tensor Repeat(params long[] counts) => s_repeat.Call(this, counts);

    /// <summary>Each element repeated along a dimension.</summary>
    /// <param name="count">How often.</param>
    /// <param name="dim">The dimension.</param>
    public Tensor RepeatInterleave(long count, int dim) =>
        s_repeatInterleaveSelfInt.Call(this, count, dim, Value.None);

    /// <summary>Several dimensions joined into one.</summary>
    /// <param name="start">The first one.</param>
    /// <param name="end">The last one.</param>
    public Tensor Flatten(int start = 0, int end = -1) => s_flattenUsingInts.Call(this, start, end);

    /// <summary>Views of equal size along a dimension; the last may be smaller.</summary>
    /// <param name="size">Elements of each.</param>
    /// <param name="dim">The dimension.</param>
    public Tensor[] Split(long size, int dim = 0) => s_splitTensor.CallList(this, size, dim);

    /// <summary>Views of the given sizes along a dimension.</summary>
    /// <param name="sizes">They add up to the dimension.</param>
    /// <param name="dim">The dimension.</param>
    public Tensor[] Split(long[] sizes, int dim = 0) => s_splitWithSizes.CallList(this, sizes, dim);

    /// <summary>About equal views along a dimension.</summary>
    /// <param name="count">How many.</param>
    /// <param name="dim">The dimension.</param>
    public Tensor[] Chunk(int count, int dim = 0) => s_chunk.CallList(this, count, dim);

    /// <summary>One view per index of a dimension, which goes away.</summary>
    /// <param name="dim">The dimension.</param>
    public Tensor[] Unbind(int dim = 0) => s_unbindInt.CallList(this, dim);

    /// <summary>A view of some indices of a dimension.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="start">The first index.</param>
    /// <param name="length">How many.</param>
    public Tensor Narrow(int dim, long start, long length) => s_narrow.Call(this, dim, start, length);

    /// <summary>A view of one index of a dimension, which goes away.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="index">From 0, or from -1 for the last one.</param>
    public Tensor Select(int dim, long index) => s_selectInt.Call(this, dim, index);

    /// <summary>A view of every step-th index of [start, end) of a dimension.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="start">From 0, negative from the end; the first one when null.</param>
    /// <param name="end">Likewise; the size when null.</param>
    /// <param name="step">At least 1.</param>
    public Tensor Slice(int dim, long? start = null, long? end = null, long step = 1) =>
        s_sliceTensor.Call(this, dim, start, end, step);

    /// <summary>The elements with the dimension in reverse order, copied.</summary>
    /// <param name="dims">The dimensions to reverse.</param>
    public Tensor Flip(params long[] dims) => s_flip.Call(this, dims);

    /// <summary>The elements without gaps, row-major; this tensor's own where they lie so.</summary>
    public Tensor Contiguous() => s_contiguous.Call(this, 0);

    /// <summary>The slices that an index names, copied.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="index">(N) indices.</param>
    public Tensor IndexSelect(int dim, Tensor index) => s_indexSelect.Call(this, dim, index);

    /// <summary>One element per index, along a dimension.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="index">As many dimensions as this tensor.</param>
    public Tensor Gather(int dim, Tensor index) => s_gather.Call(this, dim, index, false);

    /// <summary>The elements where the mask is true, in row-major order.</summary>
    /// <param name="mask">Truth values, broadcast.</param>
    public Tensor MaskedSelect(Tensor mask) => s_maskedSelect.Call(this, mask);

    /// <summary>A copy with a number where the mask is true.</summary>
    /// <param name="mask">Truth values, broadcast.</param>
    /// <param name="number">The new value.</param>
    public Tensor MaskedFill(Tensor mask, double number) => s_maskedFillScalar.Call(this, mask, number);

    /// <summary>The elements that several index tensors name together.</summary>
    /// <param name="indices">One per leading dimension; null takes all of it.</param>
    public Tensor Index(params Tensor?[] indices) => s_indexTensor.Call(this, Value.OptionalTensors(indices));

    /// <summary>Rows by indices (N), or elements by a mask of truth values; copied.</summary>
    /// <param name="index">Integers, or truth values of the leading dimensions' shape.</param>
    [System.Runtime.CompilerServices.IndexerName("At")]
    public Tensor this[Tensor index] => Index(index);

    /// <summary>A view of one row: <c>Select(0, index)</c>.</summary>
    /// <param name="index">From 0, or from -1 for the last one.</param>
    [System.Runtime.CompilerServices.IndexerName("At")]
    public Tensor this[long index] => Select(0, index);
}

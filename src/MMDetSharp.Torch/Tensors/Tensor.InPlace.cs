namespace MMDetSharp.Torch.Tensors;

/// <content>Operations that change this tensor. Use them only on tensors made by the caller.</content>
public sealed partial class Tensor
{
    private static readonly Operator s_addScalarInPlace = new("aten::add_", "Scalar");
    private static readonly Operator s_addTensorInPlace = new("aten::add_", "Tensor");
    private static readonly Operator s_addcdivInPlace = new("aten::addcdiv_");
    private static readonly Operator s_addcmulInPlace = new("aten::addcmul_");
    private static readonly Operator s_clampInPlace = new("aten::clamp_");
    private static readonly Operator s_copyInPlace = new("aten::copy_");
    private static readonly Operator s_divTensorInPlace = new("aten::div_", "Tensor");
    private static readonly Operator s_fillScalarInPlace = new("aten::fill_", "Scalar");
    private static readonly Operator s_indexAddInPlace = new("aten::index_add_");
    private static readonly Operator s_indexPutInPlace = new("aten::index_put_");
    private static readonly Operator s_maskedFillScalarInPlace = new("aten::masked_fill_", "Scalar");
    private static readonly Operator s_mulScalarInPlace = new("aten::mul_", "Scalar");
    private static readonly Operator s_mulTensorInPlace = new("aten::mul_", "Tensor");
    private static readonly Operator s_normalInPlace = new("aten::normal_");
    private static readonly Operator s_scatterSrcInPlace = new("aten::scatter_", "src");
    private static readonly Operator s_uniformInPlace = new("aten::uniform_");
    private static readonly Operator s_zeroInPlace = new("aten::zero_");

    /// <summary>Adds a scaled tensor to this one.</summary>
    /// <param name="other">Broadcast to this tensor.</param>
    /// <param name="scale">The factor of <paramref name="other"/>.</param>
    public void AddInPlace(Tensor other, double scale = 1) => s_addTensorInPlace.Run(this, other, scale);

    /// <summary>Adds a number to each element.</summary>
    /// <param name="number">What is added.</param>
    public void AddInPlace(double number) => s_addScalarInPlace.Run(this, Value.Number(number), 1);

    /// <summary>Multiplies by a tensor.</summary>
    /// <param name="other">Broadcast to this tensor.</param>
    public void MulInPlace(Tensor other) => s_mulTensorInPlace.Run(this, other);

    /// <summary>Multiplies each element by a number.</summary>
    /// <param name="number">The factor.</param>
    public void MulInPlace(double number) => s_mulScalarInPlace.Run(this, Value.Number(number));

    /// <summary>Divides by a tensor.</summary>
    /// <param name="other">Broadcast to this tensor.</param>
    public void DivInPlace(Tensor other) => s_divTensorInPlace.Run(this, other);

    /// <summary>Adds scale * left * right.</summary>
    /// <param name="left">A factor.</param>
    /// <param name="right">A factor.</param>
    /// <param name="scale">A number.</param>
    public void AddCMulInPlace(Tensor left, Tensor right, double scale) =>
        s_addcmulInPlace.Run(this, left, right, scale);

    /// <summary>Adds scale * numerator / denominator.</summary>
    /// <param name="numerator">What is divided, element by element.</param>
    /// <param name="denominator">What it is divided by.</param>
    /// <param name="scale">A number.</param>
    public void AddCDivInPlace(Tensor numerator, Tensor denominator, double scale) =>
        s_addcdivInPlace.Run(this, numerator, denominator, scale);

    /// <summary>Sets all elements to 0.</summary>
    public void ZeroInPlace() => s_zeroInPlace.Run(this);

    /// <summary>Sets all elements to a number.</summary>
    /// <param name="number">The number.</param>
    public void FillInPlace(double number) => s_fillScalarInPlace.Run(this, number);

    /// <summary>Copies the elements of another tensor, converting type and device.</summary>
    /// <param name="source">Broadcast to this tensor.</param>
    public void CopyFromInPlace(Tensor source) => s_copyInPlace.Run(this, source, false);

    /// <summary>Limits each element to [min, max].</summary>
    /// <param name="min">The lower limit; none when null.</param>
    /// <param name="max">The upper limit; none when null.</param>
    public void ClampInPlace(double? min = null, double? max = null) => s_clampInPlace.Run(this, Value.Number(min), Value.Number(max));

    /// <summary>Sets the elements where the mask is true.</summary>
    /// <param name="mask">Truth values, broadcast.</param>
    /// <param name="number">The new value.</param>
    public void MaskedFillInPlace(Tensor mask, double number) => s_maskedFillScalarInPlace.Run(this, mask, number);

    /// <summary>Sets rows, or the elements where a mask is true.</summary>
    /// <param name="index">Indices of the first dimension, or a mask.</param>
    /// <param name="values">Broadcast to what is indexed.</param>
    public void IndexPutInPlace(Tensor index, Tensor values) =>
        s_indexPutInPlace.Run(this, Value.OptionalTensors([index]), values, false);

    /// <summary>Sets the elements that several index tensors name together.</summary>
    /// <param name="indices">One per leading dimension; null takes all of it.</param>
    /// <param name="values">Broadcast to what is indexed.</param>
    public void IndexPutInPlace(Tensor?[] indices, Tensor values) =>
        s_indexPutInPlace.Run(this, Value.OptionalTensors(indices), values, false);

    /// <summary>Writes values where an index says, along a dimension.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="index">As many dimensions as this tensor.</param>
    /// <param name="values">Of the shape of <paramref name="index"/>.</param>
    public void ScatterInPlace(int dim, Tensor index, Tensor values) =>
        s_scatterSrcInPlace.Run(this, dim, index, values);

    /// <summary>Adds rows of a tensor to the rows that an index names; equal indices add up.</summary>
    /// <param name="dim">The dimension.</param>
    /// <param name="index">(N) indices.</param>
    /// <param name="source">N slices along <paramref name="dim"/>.</param>
    public void IndexAddInPlace(int dim, Tensor index, Tensor source) =>
        s_indexAddInPlace.Run(this, dim, index, source, 1);

    /// <summary>Draws each element uniformly from [from, to).</summary>
    /// <param name="from">The lower limit.</param>
    /// <param name="to">The upper limit.</param>
    /// <param name="generator">The source of randomness.</param>
    public void UniformInPlace(double from, double to, Generator generator) =>
        s_uniformInPlace.Run(this, from, to, generator);

    /// <summary>Draws each element from a normal distribution.</summary>
    /// <param name="mean">Its mean.</param>
    /// <param name="deviation">Its standard deviation.</param>
    /// <param name="generator">The source of randomness.</param>
    public void NormalInPlace(double mean, double deviation, Generator generator) =>
        s_normalInPlace.Run(this, mean, deviation, generator);
}

using MMDetSharp.Torch;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Torch.Tensors;

public sealed class TensorTests
{
    [Fact]
    public void From_Values_ComeBackWithShapeAndType()
    {
        using var scope = TensorScope.Begin();
        var tensor = Tensor.From([1f, 2, 3, 4, 5, 6], 2, 3);

        Assert.Equal([2, 3], tensor.Shape);
        Assert.Equal([3, 1], tensor.Strides);
        Assert.Equal(ScalarType.Float32, tensor.Type);
        Assert.Equal([1f, 2, 3, 4, 5, 6], tensor.ToArray());
        Assert.Equal([1f, 4, 2, 5, 3, 6], tensor.Transpose(0, 1).ToArray());
    }

    [Fact]
    public void From_WrongCount_SaysHowManyValuesAreNeeded()
    {
        var error = Assert.Throws<ArgumentException>(() => Tensor.From([1f, 2], 2, 2));

        Assert.StartsWith("Tensor.From: the shape (2, 2) needs 4 values, got 2.", error.Message);
    }

    [Fact]
    public void Arithmetic_OnSmallTensors_GivesHandValues()
    {
        using var scope = TensorScope.Begin();
        var a = Tensor.From([1f, 2, 4], 3);
        var b = Tensor.From([2f, 2, 2], 3);

        Assert.Equal([3f, 4, 6], (a + b).ToArray());
        Assert.Equal([-1f, 0, 2], (a - b).ToArray());
        Assert.Equal([2f, 4, 8], (a * b).ToArray());
        Assert.Equal([0.5f, 1, 2], (a / b).ToArray());
        Assert.Equal([9f, 8, 6], (10 - a).ToArray());
        Assert.Equal([4f, 2, 1], (4 / a).ToArray());
        Assert.Equal([false, false, true], a.Gt(b).ToBoolArray());
        Assert.Equal([false, true, true], a.Ge(2).ToBoolArray());
        Assert.Equal([2f, 2, 3], a.Clamp(2, 3).ToArray());
        Assert.Equal([false, true, false], (a.Ge(2) & ~a.Gt(b)).ToBoolArray());
    }

    [Fact]
    public void Add_WholeNumberToIntegers_KeepsTheirType()
    {
        using var scope = TensorScope.Begin();
        var labels = Tensor.From([1L, 2], 2);

        Assert.Equal(ScalarType.Int64, (labels + 1).Type);
        Assert.Equal(ScalarType.Float32, (labels + 0.5).Type);
        Assert.Equal([0L, 2], (labels * 2 - 2).ToInt64Array());
    }

    [Fact]
    public void Reductions_AlongDimensions_GiveHandValues()
    {
        using var scope = TensorScope.Begin();
        var matrix = Tensor.From([3f, 1, 2, 0, 5, 4], 2, 3);

        Assert.Equal(15, matrix.Sum().Item());
        Assert.Equal([3f, 6, 6], matrix.Sum(0).ToArray());
        Assert.Equal([2f, 3], matrix.Mean(1).ToArray());
        var (values, indices) = matrix.Max(1);
        Assert.Equal([3f, 5], values.ToArray());
        Assert.Equal([0L, 1], indices.ToInt64Array());
        Assert.Equal([5f, 4], matrix.TopK(2).Values.Select(0, 1).ToArray());
        Assert.Equal([1L, 2, 0], matrix.Sort().Indices.Select(0, 0).ToInt64Array());
        Assert.Equal([0L, 0, 0, 1, 0, 2, 1, 1, 1, 2], matrix.NonZero().ToInt64Array());
    }

    [Fact]
    public void Indexing_ByMaskAndIndices_PicksAndPuts()
    {
        using var scope = TensorScope.Begin();
        var rows = Tensor.From([0f, 1, 2, 3, 4, 5], 3, 2);

        Assert.Equal([4f, 5, 0, 1], rows[Tensor.From([2L, 0], 2)].ToArray());
        Assert.Equal([2f, 3], rows[Tensor.From([false, true, false], 3)].ToArray());
        Assert.Equal([1f, 5], rows.Index(Tensor.From([0L, 2], 2), Tensor.From([1L, 1], 2)).ToArray());
        Assert.Equal([1f, 3, 5], rows.Index(null, Tensor.From([1L], 1)).ToArray());
        rows.IndexPutInPlace(Tensor.From([1L], 1), Tensor.Scalar(9));
        Assert.Equal([0f, 1, 9, 9, 4, 5], rows.ToArray());
        Assert.Equal([9f, 9], rows[1].ToArray());
        Assert.Equal([0f, 4], rows.Slice(0, step: 2).Select(1, 0).ToArray());
    }

    [Fact]
    public void Cat_OfHundreds_CrossesTheBorder()
    {
        using var scope = TensorScope.Begin();
        var parts = Enumerable.Range(0, 700).Select(i => Tensor.From([(float)i], 1)).ToArray();

        Assert.Equal(Enumerable.Range(0, 700).Select(i => (float)i), Tensor.Cat(0, parts).ToArray());
    }

    [Fact]
    public void Backward_OfASquare_GivesTwiceTheValue()
    {
        using var scope = TensorScope.Begin();
        var x = Tensor.From([1f, -3], 2);
        x.RequiresGrad = true;

        (x * x).Sum().Backward();

        Assert.Equal([2f, -6], x.Grad!.ToArray());
        x.SetGrad(null);
        Assert.Null(x.Grad);
    }

    [Fact]
    public void NoGrad_Inside_RecordsNothing()
    {
        using var scope = TensorScope.Begin();
        var x = Tensor.From([1f], 1);
        x.RequiresGrad = true;

        using (GradMode.NoGrad())
        {
            Assert.False((x * 2).RequiresGrad);
        }

        Assert.True((x * 2).RequiresGrad);
    }

    [Fact]
    public void Generator_SameSeed_SameNumbers()
    {
        using var scope = TensorScope.Begin();
        using var first = new Generator(7);
        using var second = new Generator(7);
        var a = Tensor.Empty([5]);
        var b = Tensor.Empty([5]);

        a.NormalInPlace(0, 1, first);
        b.NormalInPlace(0, 1, second);

        Assert.Equal(a.ToArray(), b.ToArray());
        a.NormalInPlace(0, 1, first);
        Assert.NotEqual(a.ToArray(), b.ToArray());
    }

    [Fact]
    public void Add_ShapesThatDoNotBroadcast_ThrowsLibtorchsMessage()
    {
        using var scope = TensorScope.Begin();
        var error = Assert.Throws<TorchException>(() => Tensor.From([1f, 2], 2) + Tensor.From([1f, 2, 3], 3));

        Assert.Contains("The size of tensor a (2) must match the size of tensor b (3)", error.Message);
    }

    [Fact]
    public void Use_AfterDispose_Throws()
    {
        var tensor = Tensor.Scalar(1);
        tensor.Dispose();
        tensor.Dispose();

        Assert.Throws<ObjectDisposedException>(() => tensor + 1);
    }
}

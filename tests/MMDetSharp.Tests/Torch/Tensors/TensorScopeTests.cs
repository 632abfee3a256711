using System.Runtime.CompilerServices;

using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Torch.Tensors;

[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class TensorScopeTests
{
    [Fact]
    public void Dispose_FreesAllButTheKept()
    {
        var before = Tensor.LiveCount;
        using (TensorScope.Begin())
        {
            Tensor kept;
            using (var inner = TensorScope.Begin())
            {
                kept = inner.Keep(Tensor.Scalar(1) + Tensor.Scalar(2));
                CountsTensors.AssertAtMost(before + 3);
            }

            CountsTensors.AssertAtMost(before + 1);
            Assert.Equal(3, kept.Item());
        }

        CountsTensors.AssertAtMost(before);
    }

    [Fact]
    public void InPlace_LeavesNoHandleBehind()
    {
        using var tensor = Tensor.Scalar(1);
        var before = Tensor.LiveCount;

        for (var i = 0; i < 10; i++)
        {
            tensor.AddInPlace(1);
        }

        CountsTensors.AssertAtMost(before);
        Assert.Equal(11, tensor.Item());
    }

    [Fact]
    public void DetachFromScope_OutlivesTheScope()
    {
        Tensor tensor;
        using (TensorScope.Begin())
        {
            tensor = Tensor.Scalar(5).DetachFromScope();
        }

        Assert.Equal(5, tensor.Item());
        tensor.Dispose();
    }

    [Fact]
    public void Finalizer_OfForgottenTensors_IsANet()
    {
        var before = Tensor.LiveCount;
        Forget();

        for (var i = 0; i < 50 && Tensor.LiveCount > before; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Tensor.Scalar(0).Dispose();
        }

        CountsTensors.AssertAtMost(before);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget()
    {
        for (var i = 0; i < 20; i++)
        {
            Tensor.Scalar(i);
        }
    }
}

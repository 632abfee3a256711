using System.Reflection;

using MMDetSharp.Data.Imaging;
using MMDetSharp.Torch.Tensors;

using Xunit.Sdk;

namespace MMDetSharp.Tests.Support;

/// <summary>
/// Tests that count live tensors or measure memory: nothing runs beside them. Give the class <c>[SettlesFirst]</c> too.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class CountsTensors
{
    /// <summary>For <c>[Collection(CountsTensors.Name)]</c>.</summary>
    public const string Name = "counts tensors";

    /// <summary>Fails if more tensors live than so many. Fewer may: what a test before this one forgot.</summary>
    internal static void AssertAtMost(int expected) =>
        Assert.True(Tensor.LiveCount <= expected, $"At most {expected} tensors may live, there are {Tensor.LiveCount}.");

    /// <summary>Fails if more tensors or images live than so many.</summary>
    internal static void AssertAtMost((int Tensors, long Images) expected)
    {
        AssertAtMost(expected.Tensors);
        Assert.True(
            Image.LiveCount <= expected.Images, $"At most {expected.Images} images may live, there are {Image.LiveCount}.");
    }
}

/// <summary>Waits, before each test, until what other tests have forgotten is freed.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SettlesFirstAttribute : BeforeAfterTestAttribute
{
    /// <summary>A finalizer queues its tensor; making the next one frees it.</summary>
    public override void Before(MethodInfo methodUnderTest)
    {
        var last = int.MaxValue;
        for (var i = 0; i < 10 && Tensor.LiveCount < last; i++)
        {
            last = Tensor.LiveCount;
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Tensor.Scalar(0).Dispose();
        }
    }
}

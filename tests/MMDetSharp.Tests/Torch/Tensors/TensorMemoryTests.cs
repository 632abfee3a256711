using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Torch.Tensors;

[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class TensorMemoryTests
{
    private const long MiB = 1 << 20;

    [Fact]
    public void Statistics_WhileATensorLives_CountsItsBytes()
    {
        var before = TensorMemory.Statistics.InUse;

        using (Tensor.Zeros([4, MiB]))
        {
            Assert.InRange(TensorMemory.Statistics.InUse - before, 16 * MiB, 17 * MiB);
        }

        Assert.InRange(TensorMemory.Statistics.InUse - before, -MiB, MiB);
    }

    [Fact]
    public void Trim_AfterTensorsWereFreed_KeepsNothing()
    {
        Tensor.Zeros([4, MiB]).Dispose();

        TensorMemory.Trim();

        Assert.Equal(0, TensorMemory.Statistics.Kept);
    }

    [Fact]
    public void Tensors_OfManySizesOnManyThreads_KeepTheirValues()
    {
        Parallel.For(0, 8, seed =>
        {
            var random = new Random(seed);
            var held = new List<(Tensor Tensor, double Value)>();
            for (var i = 0; i < 400; i++)
            {
                var value = random.Next(1000);
                held.Add((Tensor.Full([random.Next(1, 400_000)], value), value));
                if (held.Count > 12)
                {
                    var index = random.Next(held.Count);
                    Check(held[index]);
                    held.RemoveAt(index);
                }
            }

            held.ForEach(Check);
        });

        static void Check((Tensor Tensor, double Value) item)
        {
            using var scope = TensorScope.Begin();
            Assert.Equal((item.Value, item.Value), (item.Tensor.Min().Item(), item.Tensor.Max().Item()));
            item.Tensor.Dispose();
        }
    }
}

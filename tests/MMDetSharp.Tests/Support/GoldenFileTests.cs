using System.Runtime.InteropServices;
using MMDetSharp.Torch.Checkpoints;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Support;

/// <summary>
/// The reader of recorded values: every file of the folder opens, subsampled tensors compare as whole ones.
/// </summary>
public sealed class GoldenFileTests
{
    [GoldenTheory]
    [Trait("Category", "Golden")]
    [InlineData("")]
    [InlineData("components")]
    public void Open_EveryRecordedFile_HasTensors(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Goldens, folder), "*.safetensors"))
        {
            var golden = GoldenFile.OpenPath(path);

            Assert.NotEmpty(golden.Names());
            Assert.All(golden.Cases, entry => Assert.NotEmpty(entry.Op));
            Assert.All(golden.Names(), name => Assert.True(golden.Has(name)));
        }
    }

    [GoldenFact("retinanet_r50_fpn_coco.manifest.json")]
    [Trait("Category", "Golden")]
    public void Shape_SubsampledTensor_IsOfTheWhole()
    {
        var golden = GoldenFile.Open("retinanet_r50_fpn_coco.safetensors");
        var noise = GoldenNoise.Open("retinanet_r50_fpn_coco");

        Assert.Equal(4, golden.Shape("eval/backbone/0").Length);
        Assert.Equal(256, golden.Shape("eval/backbone/0")[1]);
        Assert.Contains("eval/backbone/0", golden.Names("eval/backbone/"));
        Assert.True(noise.Absolute("eval/backbone/0") > 0);
        Assert.Equal("backbone.conv1.weight", GoldenManifest.Open("retinanet_r50_fpn_coco").StateDict[0].Key);
    }

    [Fact]
    public void AssertClose_SubsampledTensor_ComparesSamplesAndStatistics()
    {
        // 10 values 0..9, stride 3: samples 0 3 6 9; mean 4.5, mean |x| 4.5, max |x| 9, all finite.
        var actual = Enumerable.Range(0, 10).Select(value => (double)value).ToArray();
        var golden = Write(("x#sub", [0, 3, 6, 9]), ("x#info", [2, 5, 3]), ("x#stat", [4.5, 4.5, 9, 0]));

        golden.AssertClose("x", actual, [2, 5], 1e-9);

        Assert.ThrowsAny<Exception>(() => golden.AssertClose("x", actual, [5, 2], 1e-9));
        actual[4] += 1; // not among the samples: the mean tells
        Assert.ThrowsAny<Exception>(() => golden.AssertClose("x", actual, [2, 5], 1e-3));
    }

    [Fact]
    public void AssertClose_OneValueOff_NamesTheWorst()
    {
        var golden = Write(("x", [1, 2, double.NaN]));

        golden.AssertClose("x", [1, 2.01, double.NaN], [3], 0.02);
        var failure = Assert.ThrowsAny<Exception>(() => golden.AssertClose("x", [1, 2.5, double.NaN], [3], 0.02));

        Assert.Contains("the worst at 1: expected 2, got 2.5", failure.Message, StringComparison.Ordinal);
        Assert.ThrowsAny<Exception>(() => golden.AssertClose("x", [1, double.NaN, double.NaN], [3], 0.02));
    }

    private static GoldenFile Write(params (string Name, double[] Values)[] tensors)
    {
        var path = Path.Combine(Path.GetTempPath(), $"golden-{Guid.NewGuid():N}.safetensors");
        SafetensorsFile.Write(path, tensors.Select(tensor => KeyValuePair.Create(
            tensor.Name,
            StoredTensor.FromBytes(
                MemoryMarshal.AsBytes(tensor.Values.AsSpan()), ScalarType.Float64, tensor.Values.Length))));
        try
        {
            return GoldenFile.OpenPath(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}

using System.Buffers.Binary;

using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Engine.Conversion;
using MMDetSharp.Engine.ForeignModels;
using MMDetSharp.Models.Detectors;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Tests.Models.Detectors.Darknet;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Checkpoints;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Engine.ForeignModels;

public sealed class DarknetWeightsTests
{
    // Convolution of 2 to 3 channels with norm: 3 x 4 + 6 numbers; shortcut with 2 weights; head: 6 + 18..
    private const string Layers =
        "[conv]\nfilters=3\nbatch_normalize=1\n[conv]\nfilters=3\nbatch_normalize=0\nactivation=linear\n" +
        "[shortcut]\nfrom=0\nweights_type=per_feature\n";

    private const int Numbers = 18 + 12 + 2 + 24;

    [Theory]
    [InlineData(0, 1, 16)] // before 0.2: four bytes for the images
    [InlineData(0, 2, 20)]
    public void Load_EveryNumber_GoesToItsPlaceAndBack(int major, int minor, int length)
    {
        using var folder = new TemporaryFolder();
        using var scope = TensorScope.Begin();
        using var model = Build(folder);
        var path = Write(folder, (major, minor, length), Numbers);

        var header = DarknetWeights.Load(model, path);

        Assert.Equal(new DarknetHeader(major, minor, 5, 3_000_000_000), header);
        var state = model.StateDict().ToDictionary(entry => entry.Name, entry => entry.Tensor);
        Assert.Equal([0f, 1, 2], state["layers.0.bn.bias"].ToArray());
        Assert.Equal([3f, 4, 5], state["layers.0.bn.weight"].ToArray());
        Assert.Equal([6f, 7, 8], state["layers.0.bn.running_mean"].ToArray());
        Assert.Equal([9f, 10, 11], state["layers.0.bn.running_var"].ToArray());
        Assert.Equal([12f, 13, 14, 15, 16, 17], state["layers.0.conv.weight"].ToArray());
        Assert.Equal([18f, 19, 20], state["layers.1.conv.bias"].ToArray());
        Assert.Equal([30f, 31], state["layers.2.weights"].ToArray());
        DarknetWeights.Save(model, folder.Under("back.weights"), header);
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(folder.Under("back.weights")));
    }

    [Theory]
    [InlineData(Numbers - 1, "must hold 56 numbers for this network, holds 55 (version 0.2.5)", "cut short")]
    [InlineData(Numbers + 2, "must hold 56 numbers for this network, holds 58", "more classes")]
    public void Load_WrongLength_SaysWhatIsExpectedAndFound(int numbers, params string[] parts)
    {
        using var folder = new TemporaryFolder();
        using var model = Build(folder);

        Fails(() => DarknetWeights.Load(model, Write(folder, (0, 2, 20), numbers)), parts);
    }

    [Fact]
    public void Load_NoFileOrNoHeader_SaysSo()
    {
        using var folder = new TemporaryFolder();
        using var model = Build(folder);

        Fails(() => DarknetWeights.Load(model, folder.Under("none.weights")), "there is no such file");
        Fails(() => DarknetWeights.Load(model, folder.Write("short.weights", "abc")), "Darknet's header, has 3");
    }

    [SharedFact("weights")]
    public void Save_EveryRealFile_IsTheSameByteForByte()
    {
        using var folder = new TemporaryFolder();
        var files = Directory.GetFiles(
            Path.Combine(RepositoryFolder.Shared, "weights"), "*.weights", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        foreach (var path in files)
        {
            using var model = DetectorBuilder.Build(
                Config.Parse($"model = dict(type='DarknetDetector', cfg='{Path.ChangeExtension(path, ".cfg")}')"));

            DarknetWeights.Save(model, folder.Under("back.weights"), DarknetWeights.Load(model, path));

            Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(folder.Under("back.weights")));
        }
    }

    [Fact]
    public void ToCheckpoint_AndBack_KeepsEverything()
    {
        using var folder = new TemporaryFolder();
        var weights = Write(folder, (0, 2, 20), Numbers);
        var cfg = folder.Write("a.cfg", TinyDarknet.Text(Layers + TinyDarknet.Head));
        folder.Write("a.names", "ball\n");

        var report = DarknetConversion.ToCheckpoint(
            new() { Cfg = cfg, Weights = weights, Checkpoint = folder.Under("out.pth") });

        Assert.Equal((folder.Under("out.py"), (long)Numbers, 3_000_000_000), (report.Config, report.Numbers, report.Seen));
        using (var checkpoint = Checkpoint.Read(folder.Under("out.pth")))
        {
            Assert.Equal(["ball"], checkpoint.Meta["CLASSES"].AsList().Select(name => name.AsString()));
            Assert.Equal(3_000_000_000, checkpoint.Meta["seen"].AsInt64());
        }

        File.Delete(cfg); // the config holds it
        DarknetConversion.ToWeights(folder.Under("out.py"), folder.Under("out.pth"), folder.Under("back.weights"));
        Assert.Equal(File.ReadAllBytes(weights), File.ReadAllBytes(folder.Under("back.weights")));
    }

    [Fact]
    public void ToCheckpoint_ConfigOfAnotherNetwork_NamesTheFirstDifference()
    {
        using var folder = new TemporaryFolder();
        var cfg = folder.Write("a.cfg", TinyDarknet.Text(Layers + TinyDarknet.Head));
        var other = folder.Write("b.cfg", TinyDarknet.Text(TinyDarknet.Head));
        var config = folder.Write("b.py", $"model = dict(type='DarknetDetector', cfg='{other}')");

        var error = Assert.Throws<ConfigException>(() => DarknetConversion.ToCheckpoint(new()
        {
            Cfg = cfg,
            Weights = Write(folder, (0, 2, 20), Numbers),
            Checkpoint = folder.Under("out.pth"),
            Config = config,
        }));

        Assert.Contains("convolutions 1 differ: [6, 2, 1, 1] with bias instead of [3, 2, 1, 1] with batch norm", error.Message,
            StringComparison.Ordinal);
        Assert.False(File.Exists(folder.Under("out.pth")));
    }

    private static Detector Build(TemporaryFolder folder) => DetectorBuilder.Build(Config.Parse(
        $"model = dict(type='DarknetDetector', cfg='{folder.Write("m.cfg", TinyDarknet.Text(Layers + TinyDarknet.Head))}')"));

    // Version major.minor.5 after 3,000,000,000 images, and the numbers 0, 1, 2 ...
    private static string Write(TemporaryFolder folder, (int Major, int Minor, int Length) header, int numbers)
    {
        var bytes = new byte[header.Length + (numbers * 4)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, header.Major);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), header.Minor);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), 5);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), 3_000_000_000);
        for (var i = 0; i < numbers; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(header.Length + (i * 4)), i);
        }

        var path = folder.Under("a.weights");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static void Fails(Action action, params string[] parts)
    {
        var error = Assert.Throws<CheckpointException>(action);
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }
}

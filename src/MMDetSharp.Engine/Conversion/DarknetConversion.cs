using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Darknet;
using MMDetSharp.Engine.ForeignModels;
using MMDetSharp.Engine.Inference;
using MMDetSharp.Models.Detectors;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Torch.Checkpoints;
using MMDetSharp.Torch.Files;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Engine.Conversion;

/// <summary>What <see cref="DarknetConversion.ToCheckpoint"/> reads and writes.</summary>
public sealed record DarknetConversionOptions
{
    /// <summary>The <c>.cfg</c> file that describes the network.</summary>
    public required string Cfg { get; init; }

    /// <summary>The <c>.weights</c> file with the numbers of its layers.</summary>
    public required string Weights { get; init; }

    /// <summary>The checkpoint to make or replace.</summary>
    public required string Checkpoint { get; init; }

    /// <summary>
    /// The config whose keys the checkpoint gets; null: those of <c>DarknetDetector</c>, and a config of it is written
    /// beside the checkpoint.
    /// </summary>
    public string? Config { get; init; }

    /// <summary>A text file with one class name a line; null: one beside the cfg, or COCO's or VOC's by their number.</summary>
    public string? Names { get; init; }
}

/// <summary>Darknet's weights into checkpoints and back.</summary>
public static class DarknetConversion
{
    // Beside the tensors: what a .weights file begins with.
    private const string SeenKey = "seen";
    private const string VersionKey = "darknet_version";

    /// <summary>Makes a checkpoint of a network's <c>.cfg</c> and <c>.weights</c>.</summary>
    /// <param name="options">The files to read and to write.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="ConfigException">The cfg or the config is wrong, or they are different networks.</exception>
    /// <exception cref="CheckpointException">The weights do not fit, or the checkpoint cannot be written.</exception>
    /// <exception cref="IOException">The config cannot be written.</exception>
    public static DarknetConversionReport ToCheckpoint(DarknetConversionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var network = DarknetConfig.Load(options.Cfg);
        var count = DarknetModel.ClassCount(network);
        var classes = ForeignNames.Find(options.Cfg, count, new() { Names = options.Names });
        var written = options.Config is null ? Path.ChangeExtension(options.Checkpoint, ".py") : null;
        var config = options.Config is { } given
            ? Config.Load(given)
            : Config.Parse(OwnConfig(options.Cfg, network, classes), written!);

        // Without a config of its own the model is built from the cfg itself: messages then name its lines.
        using var scope = TensorScope.Begin();
        using var model = DetectorBuilder.Build(
            options.Config is null ? ForeignModel.LoadConfig(options.Cfg, new() { Names = options.Names }, []) : config);
        RequireSameNetwork(model, options);
        var header = DarknetWeights.Load(model, options.Weights);
        if (written is not null)
        {
            AtomicFile.Write(written, stream => stream.Write(
                System.Text.Encoding.UTF8.GetBytes(OwnConfig(options.Cfg, network, classes))));
        }

        var meta = Meta(header, classes, config);
        Checkpoint.Write(options.Checkpoint, new() { State = ModuleState.Store(model), Meta = meta });
        return new(options.Checkpoint, written, Count(model), header.Seen);
    }

    /// <summary>Makes a <c>.weights</c> file of a model and its checkpoint.</summary>
    /// <param name="config">The model: a config, or a <c>.cfg</c>.</param>
    /// <param name="checkpoint">Its weights, in any format.</param>
    /// <param name="target">The file to make or replace.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="ConfigException">The config is wrong.</exception>
    /// <exception cref="CheckpointException">
    /// The model is no Darknet network, or the weights do not fit.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static DarknetConversionReport ToWeights(string config, string checkpoint, string target)
    {
        var loaded = ForeignModel.LoadConfig(config, new(), []);
        using var model = ModelLoading.Load(loaded, checkpoint, Device.Cpu);
        var header = HeaderOf(checkpoint);
        DarknetWeights.Save(model, target, header);
        return new(target, null, Count(model), header.Seen);
    }

    private static long Count(Detector model) => ((IDarknetOrdered)model).DarknetTensors.Sum(tensor => tensor.ElementCount);

    private static string OwnConfig(string cfg, DarknetConfig network, IReadOnlyList<string> classes)
    {
        var text = File.ReadAllText(cfg).ReplaceLineEndings("\n").TrimEnd();
        var quoted = text.Contains("'''", StringComparison.Ordinal) || text.Contains('\\', StringComparison.Ordinal)
            ? ForeignText.Quote(text + "\n")
            : $"'''\n{text}\n'''";
        return $"# The network of {Path.GetFileName(cfg)}, in Darknet's own language, and how Darknet uses it.\n"
            + DarknetModel.Describe(network, quoted, classes, new());
    }

    // The weights name nothing: two networks of as many numbers would be mistaken for each other.
    private static void RequireSameNetwork(Detector model, DarknetConversionOptions options)
    {
        if (options.Config is null || model is not IDarknetOrdered ordered)
        {
            return;
        }

        using var described = DetectorBuilder.Build(ForeignModel.LoadConfig(options.Cfg, new() { Names = options.Names }, []));
        var (expected, found) = (((IDarknetOrdered)described).DarknetOrder, ordered.DarknetOrder);
        for (var i = 0; i < Math.Max(expected.Count, found.Count); i++)
        {
            var (one, other) = (Text(expected.ElementAtOrDefault(i)), Text(found.ElementAtOrDefault(i)));
            if (one != other)
            {
                throw new ConfigException(
                    $"{options.Config}: must be the network of {options.Cfg}, but their convolutions {i + 1} differ: {other} " +
                    $"instead of {one}. Name the config that belongs to it, or leave --config out.");
            }
        }
    }

    private static string Text(DarknetConvolution? layer) => layer is null
        ? "none"
        : $"[{string.Join(", ", layer.Convolution.Weight.Shape.ToArray())}] " +
          $"{(layer.Norm is null ? "with bias" : "with batch norm")}";

    private static StoredDictionary Meta(DarknetHeader header, IReadOnlyList<string> classes, Config config) => new()
    {
        ["CLASSES"] = new StoredList([.. classes.Select(name => (StoredValue)name)], StoredSequenceKind.Tuple),
        ["config"] = ConfigPythonWriter.Write(config.Root),
        [SeenKey] = header.Seen,
        [VersionKey] = new StoredList([header.Major, header.Minor, header.Revision], StoredSequenceKind.Tuple),
    };

    private static DarknetHeader HeaderOf(string path)
    {
        if (path.EndsWith(DarknetModel.Format.WeightsEnding, StringComparison.OrdinalIgnoreCase))
        {
            return DarknetWeights.ReadHeader(path);
        }

        using var checkpoint = Checkpoint.Read(path);
        var header = DarknetHeader.Current;
        if (checkpoint.Meta.TryGet(VersionKey, out var stored) && stored is StoredList { Count: 3 } version)
        {
            int[] parts = [.. version.Select(part => (int)part.AsInt64())];
            header = header with { Major = parts[0], Minor = parts[1], Revision = parts[2] };
        }

        return checkpoint.Meta.TryGet(SeenKey, out var seen) ? header with { Seen = seen.AsInt64() } : header;
    }
}

/// <summary>What a conversion of Darknet's weights wrote.</summary>
/// <param name="File">The checkpoint, or the <c>.weights</c> file.</param>
/// <param name="Config">The config beside it; null where none was written.</param>
/// <param name="Numbers">How many numbers the network has.</param>
/// <param name="Seen">How many images its training has seen, as the file says.</param>
public sealed record DarknetConversionReport(string File, string? Config, long Numbers, long Seen);

using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Engine.ForeignModels;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Torch.Checkpoints;
using MMDetSharp.Torch.Files;

namespace MMDetSharp.Engine.Conversion;

/// <summary>Turns a <c>.pt</c> file of YOLOv5 into a checkpoint of MMDetection's form and its config.</summary>
public static class YoloV5Conversion
{
    /// <summary>
    /// Writes the checkpoint (weights of 32 bits, class names, the config's text and the training's hyper-parameters)
    /// and beside it the config, of the same name with the ending <c>.py</c>. No Python is needed, and nothing of the
    /// file is run.
    /// </summary>
    /// <param name="path">The <c>.pt</c> file, v3.0 to v7.0.</param>
    /// <param name="target">The checkpoint to write: <c>OUT.pth</c>.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="CheckpointException">The file is damaged or no model of YOLOv5, or the checkpoint
    /// cannot be written.</exception>
    /// <exception cref="IOException">The config cannot be written.</exception>
    public static YoloV5Report Convert(string path, string target)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentException.ThrowIfNullOrEmpty(target);
        var configPath = Path.ChangeExtension(target, ".py");
        if (string.Equals(Path.GetFullPath(configPath), Path.GetFullPath(target), StringComparison.Ordinal))
        {
            throw new CheckpointException(
                $"{target}: the checkpoint must not end in .py, which is its config's ending. "
                + $"Name it {target[..^3]}.pth.");
        }

        using var file = YoloV5File.Open(path);
        var classes = ForeignNames.Find(path, file.ClassCount, new ForeignModelOptions(), file.Names);
        var text = Text(file, classes);
        using var model = DetectorBuilder.Build(Config.Parse(text, configPath));
        ModuleState.Load(model, file.State, (path, LoadPolicy.Strict));
        Checkpoint.Write(target, new CheckpointContent
        {
            State = ModuleState.Store(model),
            Meta = Meta(file, classes, text),
        });
        AtomicFile.Write(configPath, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true);
            writer.Write(text);
        });
        var count = model.NamedParameters().Sum(entry => entry.Tensor.ElementCount);
        return new YoloV5Report(target, configPath, classes, count);
    }

    private static string Text(YoloV5File file, IReadOnlyList<string> classes) =>
        $"# YOLOv5, from {Path.GetFileName(file.FileName)}: docs/models/yolov5.md.\n" +
        $"# ./mmdet demo IMAGE THIS_FILE CHECKPOINT\n" +
        YoloV5ConfigText.Model(file) +
        YoloV5ConfigText.Rest(file, classes, new ForeignModelOptions { ForEvaluation = true });

    private static StoredDictionary Meta(YoloV5File file, IReadOnlyList<string> classes, string text)
    {
        var meta = new StoredDictionary
        {
            ["CLASSES"] = new StoredList(classes.Select(name => (StoredValue)name), StoredSequenceKind.Tuple),
            ["config"] = text,
            ["source"] = Path.GetFileName(file.FileName),
        };
        if (file.HyperParameters is { } hyper)
        {
            meta["hyp"] = hyper;
        }

        return meta;
    }
}

/// <summary>What a conversion of a YOLOv5 file wrote.</summary>
/// <param name="Checkpoint">The checkpoint's path.</param>
/// <param name="Config">The config's path.</param>
/// <param name="Classes">(K) names of the classes.</param>
/// <param name="ParameterCount">Numbers that are learned.</param>
public sealed record YoloV5Report(
    string Checkpoint, string Config, IReadOnlyList<string> Classes, long ParameterCount);

using MMDetSharp.Engine.ForeignModels;
using MMDetSharp.Engine.Training.Loop;
using MMDetSharp.Models.Detectors;
using MMDetSharp.Torch.Checkpoints;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Engine.Training;

/// <summary>The weights that a training starts from.</summary>
internal static class FirstWeights
{
    /// <summary>Draws random weights, and takes those of the config's <c>pretrained</c> for the backbone.</summary>
    /// <param name="model">On the processor.</param>
    /// <param name="seed">The random weights follow from it.</param>
    /// <param name="log">Is told where weights came from.</param>
    internal static void Initialize(Detector model, int seed, TrainingLog log)
    {
        using var generator = new Generator(unchecked((ulong)seed));
        model.InitWeights(generator);
        if (model.Pretrained is { } pretrained)
        {
            LoadPretrained(model, pretrained, log);
        }
    }

    /// <summary>Takes what fits of a checkpoint, and tells what does not: the config's <c>load_from</c>.</summary>
    internal static void LoadFrom(Detector model, string path, TrainingLog log)
    {
        if (ForeignModel.TryLoadWeights(model, path))
        {
            log.Record($"{path}: all tensors");
            return;
        }

        using var checkpoint = Checkpoint.Read(path);
        Report(path, Load(model, model, checkpoint), log);
    }

    // As the reference: the classifier of ImageNet has no place in a backbone, and is left out without a word.
    private static void LoadPretrained(Detector model, string pretrained, TrainingLog log)
    {
        var path = PretrainedWeights.Resolve(pretrained);
        using var checkpoint = Checkpoint.Read(path);
        var difference = Load(model, model.PretrainedPart, checkpoint);
        if (difference.Missing.Count + difference.WrongShapes.Count > 0)
        {
            Report(path, difference, log);
        }
        else
        {
            log.Record($"{path}: {difference.Loadable.Count} tensors for the backbone");
        }
    }

    // What the config decides on is as the config says, not as it was when the weights were trained.
    private static StateDictDifference Load(Detector model, Module part, Checkpoint checkpoint)
    {
        var own = part.StateDict().Where(entry => model.IsConfigured(entry.Name))
            .ToDictionary(entry => entry.Name, entry => StoredTensor.From(entry.Tensor));
        var state = checkpoint.State.Select(entry => own.TryGetValue(entry.Key, out var tensor)
            ? KeyValuePair.Create(entry.Key, tensor)
            : entry).ToDictionary();
        return ModuleState.Load(part, state, (checkpoint.FileName, LoadPolicy.AllowDifferences));
    }

    private static void Report(string path, StateDictDifference difference, TrainingLog log)
    {
        if (difference.Loadable.Count == 0)
        {
            difference.RequireNone(path);
        }

        if (difference.IsEmpty)
        {
            log.Record($"{path}: all {difference.Loadable.Count} tensors");
        }
        else
        {
            log.Warn($"{path}: {difference}");
        }
    }
}

using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Engine.ForeignModels;
using MMDetSharp.Models.Detectors;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Torch.Checkpoints;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Engine.Inference;

/// <summary>Makes trained models ready to detect.</summary>
internal static class ModelLoading
{
    /// <summary>The config's model with a checkpoint's weights and class names, in evaluation mode.</summary>
    /// <returns>It belongs to the caller.</returns>
    internal static Detector Load(Config config, string checkpointPath, Device device)
    {
        TorchRuntime.RequireDevice(device);
        var model = DetectorBuilder.Build(config);
        try
        {
            LoadWeights(model, config, checkpointPath);
            model.To(device);
            model.Eval();
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static void LoadWeights(Detector model, Config config, string path)
    {
        if (ForeignModel.TryLoadWeights(model, path))
        {
            model.ClassNames = ClassNameLookup.Find([], config, model.ClassCount);
            return;
        }

        using var checkpoint = Checkpoint.Read(path);
        ModuleState.Load(model, checkpoint);
        model.ClassNames = ClassNameLookup.Find(checkpoint.Meta, config, model.ClassCount);
    }
}

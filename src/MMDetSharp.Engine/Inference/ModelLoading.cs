using MMDetSharp.Core.Configs;
using MMDetSharp.Models.Detectors;
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
        using var checkpoint = Checkpoint.Read(checkpointPath);
        var model = DetectorBuilder.Build(config);
        try
        {
            ModuleState.Load(model, checkpoint);
            model.ClassNames = ClassNameLookup.Find(checkpoint, config, model.ClassCount);
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
}

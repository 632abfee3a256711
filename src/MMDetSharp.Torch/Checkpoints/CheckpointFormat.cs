namespace MMDetSharp.Torch.Checkpoints;

/// <summary>How a checkpoint is stored.</summary>
public enum CheckpointFormat
{
    /// <summary>PyTorch since 1.6: a zip archive.</summary>
    TorchZip,

    /// <summary>PyTorch before 1.6: pickles and storages one after the other.</summary>
    TorchLegacy,

    /// <summary>safetensors: only tensors and a few texts.</summary>
    Safetensors,
}

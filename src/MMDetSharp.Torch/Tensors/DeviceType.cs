namespace MMDetSharp.Torch.Tensors;

/// <summary>Kinds of devices, with the numbers that libtorch gives them.</summary>
public enum DeviceType
{
    /// <summary>The CPU.</summary>
    Cpu = 0,

    /// <summary>An NVIDIA GPU.</summary>
    Cuda = 1,
}

using System.Globalization;

namespace MMDetSharp.Torch.Tensors;

/// <summary>Where a tensor lives.</summary>
/// <param name="Type">The kind of device.</param>
/// <param name="Index">Which one of its kind, from 0.</param>
public sealed record Device(DeviceType Type, int Index = 0)
{
    /// <summary>The CPU.</summary>
    public static Device Cpu { get; } = new(DeviceType.Cpu);

    /// <summary>Reads <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>.</summary>
    /// <exception cref="FormatException">The text is none of these.</exception>
    public static Device Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text == "cpu")
        {
            return Cpu;
        }

        if (text == "cuda")
        {
            return new Device(DeviceType.Cuda);
        }

        return text.StartsWith("cuda:", StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? new Device(DeviceType.Cuda, index)
            : throw new FormatException($"Device: must be cpu, cuda or cuda:N, got '{text}'. Name one of these.");
    }

    /// <inheritdoc/>
    public override string ToString() => Type == DeviceType.Cpu ? "cpu" : $"cuda:{Index}";
}

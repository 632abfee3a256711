using System.Runtime.InteropServices;

using MMDetSharp.Models.Detectors;
using MMDetSharp.Torch.Checkpoints;
using MMDetSharp.Torch.Files;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Engine.ForeignModels;

/// <summary>
/// Darknet's <c>.weights</c> files: a header, then the numbers of all layers one after the other, 32-bit floats, with
/// no names and no sizes. What they mean follows from the network alone.
/// </summary>
internal static class DarknetWeights
{
    /// <summary>Copies a file's numbers into a model.</summary>
    /// <param name="model">One with a place in Darknet's order.</param>
    /// <param name="path">The file.</param>
    /// <returns>What the file begins with.</returns>
    /// <exception cref="CheckpointException">The file is missing, or holds more or fewer numbers than the model.</exception>
    internal static DarknetHeader Load(Detector model, string path)
    {
        var tensors = Tensors(model, path);
        var bytes = Read(path);
        var header = Header(path, bytes);
        RequireLength(path, header, (bytes.Length - header.Length, tensors.Sum(tensor => tensor.ElementCount)));
        using var noGrad = GradMode.NoGrad();
        var numbers = MemoryMarshal.Cast<byte, float>(bytes.AsSpan(header.Length));
        foreach (var tensor in tensors)
        {
            using var scope = TensorScope.Begin();
            var count = (int)tensor.ElementCount;
            tensor.CopyFromInPlace(Tensor.From(numbers[..count], [.. tensor.Shape]));
            numbers = numbers[count..];
        }

        return header;
    }

    /// <summary>What a file begins with.</summary>
    internal static DarknetHeader ReadHeader(string path) => Header(path, Read(path));

    /// <summary>Writes a model's numbers, in one step.</summary>
    /// <param name="model">One with a place in Darknet's order.</param>
    /// <param name="path">The file to make or replace.</param>
    /// <param name="header">What the file begins with.</param>
    /// <exception cref="CheckpointException">The model is no Darknet network.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    internal static void Save(Detector model, string path, DarknetHeader header)
    {
        var tensors = Tensors(model, path);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(header.ToBytes());
            foreach (var tensor in tensors)
            {
                stream.Write(tensor.ToBytes());
            }
        });
    }

    private static IReadOnlyList<Tensor> Tensors(Detector model, string path) => model is IDarknetOrdered { DarknetOrder.Count: > 0 } ordered
        ? ordered.DarknetTensors
        : throw new CheckpointException(
            $"{path}: Darknet's weights need a model in Darknet's order, and the config's {model.GetType().Name} is none. " +
            "Use the model's .cfg, or a config of configs/yolo/rr_*.py.");

    private static DarknetHeader Header(string path, byte[] bytes) => DarknetHeader.Read(bytes)
        ?? throw new CheckpointException(
            $"{path}: must begin with the 16 or 20 bytes of Darknet's header, has {bytes.Length}. Copy the file again.");

    private static byte[] Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CheckpointException($"{path}: there is no such file. Check the path.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{path}: cannot be read ({exception.Message}). Check the path.", exception);
        }
    }

    private static void RequireLength(string path, DarknetHeader header, (long Bytes, long Numbers) sizes)
    {
        if (sizes.Bytes == sizes.Numbers * sizeof(float))
        {
            return;
        }

        var found = sizes.Bytes / sizeof(float);
        var advice = found < sizes.Numbers
            ? "The file is cut short, or of another network"
            : "It is of another network, or of one with more classes";
        throw new CheckpointException(
            $"{path}: must hold {sizes.Numbers} numbers for this network, holds {found}" +
            $"{(sizes.Bytes % sizeof(float) == 0 ? "" : $" and {sizes.Bytes % sizeof(float)} bytes")} " +
            $"(version {header.Major}.{header.Minor}.{header.Revision}). {advice}: use the .cfg that belongs to it.");
    }
}

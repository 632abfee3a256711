using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text.Json;
using MMDetSharp.Torch.Checkpoints;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Support;

/// <summary>Recorded values by name (a safetensors file below <see cref="RepositoryFolder.Goldens"/>).</summary>
/// <remarks>
/// Large tensors are stored subsampled: <c>name#sub</c> (every stride-th element), <c>name#info</c> (shape and
/// stride) and
/// <c>name#stat</c> (mean, mean of absolutes, largest absolute, number of non-finite elements).
/// <see cref="Has"/>, <see cref="Shape"/>, <see cref="Names"/> and
/// <see cref="AssertClose(string, double[], long[], double, double)"/> take the plain name for both.
/// </remarks>
internal sealed class GoldenFile
{
    private static readonly ConcurrentDictionary<string, Lazy<GoldenFile>> Opened = new();

    private readonly SafetensorsFile _file;

    private GoldenFile(string path)
    {
        FileName = path;
        _file = SafetensorsFile.Read(path);
        Cases = ReadCases();
    }

    /// <summary>The path of the file, for messages.</summary>
    internal string FileName { get; }

    /// <summary>The texts recorded beside the tensors: <c>input_key</c>, <c>lr</c>, <c>assigners</c> ...</summary>
    internal IReadOnlyDictionary<string, string> Metadata => _file.Metadata;

    /// <summary>The cases of a component file, in the order of the file; empty for a model file.</summary>
    internal IReadOnlyList<GoldenCase> Cases { get; }

    /// <summary>
    /// Opens <c>components/losses.safetensors</c> or <c>retinanet_r50_fpn_coco.safetensors</c>; each file once.
    /// </summary>
    internal static GoldenFile Open(string relative) => OpenPath(Path.Combine(RepositoryFolder.Goldens, relative));

    /// <summary>As <see cref="Open"/>, for a file anywhere.</summary>
    internal static GoldenFile OpenPath(string path) =>
        Opened.GetOrAdd(path, key => new Lazy<GoldenFile>(() => new GoldenFile(key))).Value;

    /// <summary>Whether a tensor of this name was recorded, whole or subsampled.</summary>
    internal bool Has(string name) => _file.Tensors.ContainsKey(name) || IsSubsampled(name);

    /// <summary>Whether only some of the tensor's elements were recorded.</summary>
    internal bool IsSubsampled(string name) => _file.Tensors.ContainsKey(name + "#sub");

    /// <summary>The plain names that begin so, each once, in the order of the file.</summary>
    internal IReadOnlyList<string> Names(string prefix = "") =>
        [.. _file.Tensors.Keys
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => name.Split('#')[0])
            .Distinct()];

    /// <summary>The shape of the tensor; of a subsampled one, that of the whole.</summary>
    internal long[] Shape(string name) =>
        IsSubsampled(name) ? Int64s(name + "#info")[..^1] : [.. Tensor(name).Shape];

    /// <summary>The stored tensor of exactly this name (with <c>#sub</c> where that is meant).</summary>
    internal StoredTensor Tensor(string name) => _file.Tensors.TryGetValue(name, out var tensor)
        ? tensor
        : throw new KeyNotFoundException($"{FileName}: there is no tensor '{name}'.");

    /// <summary>The elements as floats; any numeric type.</summary>
    internal float[] Floats(string name) => Tensor(name) is { Type: ScalarType.Float32 } tensor
        ? MemoryMarshal.Cast<byte, float>(tensor.ToBytes()).ToArray()
        : [.. Doubles(name).Select(value => (float)value)];

    /// <summary>The elements as doubles; any type.</summary>
    internal double[] Doubles(string name) => Decode(Tensor(name), Number);

    /// <summary>The elements as integers; any integer type or bool.</summary>
    internal long[] Int64s(string name) => Decode(Tensor(name), Integer);

    /// <summary>The elements as integers; any integer type or bool.</summary>
    internal int[] Int32s(string name) => [.. Int64s(name).Select(value => checked((int)value))];

    /// <summary>The elements as truth values.</summary>
    internal bool[] Bools(string name) => [.. Int64s(name).Select(value => value != 0)];

    /// <summary>The elements as bytes: images.</summary>
    internal byte[] Bytes(string name) => Tensor(name) is { Type: ScalarType.UInt8 or ScalarType.Bool } tensor
        ? tensor.ToBytes()
        : throw new InvalidOperationException($"{FileName}: {name} is {Tensor(name)}, not UInt8.");

    /// <summary>The only element of a tensor.</summary>
    internal double Scalar(string name) => Assert.Single(Doubles(name));

    /// <summary>
    /// Fails unless the values are the recorded ones: |actual - expected| &lt;= absolute + relative * |expected|.
    /// </summary>
    internal void AssertClose(string name, float[] actual, long[] shape, double absolute, double relative = 0) =>
        AssertClose(name, Array.ConvertAll(actual, value => (double)value), shape, absolute, relative);

    /// <summary>
    /// Fails unless the values are the recorded ones: |actual - expected| &lt;= absolute + relative * |expected|.
    /// </summary>
    internal void AssertClose(string name, double[] actual, long[] shape, double absolute, double relative = 0)
    {
        Assert.True(Has(name), $"{FileName}: there is no tensor '{name}'.");
        GoldenComparer.AssertShape(name, Shape(name), shape);
        if (!IsSubsampled(name))
        {
            GoldenComparer.AssertValues(name, Doubles(name), actual, (absolute, relative));
            return;
        }

        var stride = Int64s(name + "#info")[^1];
        var sampled = actual.Where((_, index) => index % stride == 0).ToArray();
        GoldenComparer.AssertValues(name + "#sub", Doubles(name + "#sub"), sampled, (absolute, relative));
        GoldenComparer.AssertStatistics(name + "#stat", Doubles(name + "#stat"), actual, (absolute, relative));
    }

    /// <summary>Fails unless the integers are exactly the recorded ones.</summary>
    internal void AssertEqual(string name, long[] actual, long[] shape) =>
        AssertClose(name, Array.ConvertAll(actual, value => (double)value), shape, absolute: 0);

    private List<GoldenCase> ReadCases()
    {
        if (!Metadata.TryGetValue("cases", out var json))
        {
            return [];
        }

        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateObject().Select(entry => new GoldenCase(
            this, entry.Name, entry.Value.GetProperty("op").GetString()!, entry.Value.GetProperty("opts").Clone()))];
    }

    private static T[] Decode<T>(StoredTensor tensor, Func<ScalarType, ReadOnlyMemory<byte>, T> read)
    {
        var bytes = tensor.ToBytes().AsMemory();
        var size = tensor.Type.ElementSize();
        var values = new T[tensor.ElementCount];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = read(tensor.Type, bytes.Slice(i * size, size));
        }

        return values;
    }

    private static double Number(ScalarType type, ReadOnlyMemory<byte> bytes) => type switch
    {
        ScalarType.Float16 => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes.Span),
        ScalarType.BFloat16 => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadInt16LittleEndian(bytes.Span) << 16),
        ScalarType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(bytes.Span),
        ScalarType.Float64 => BinaryPrimitives.ReadDoubleLittleEndian(bytes.Span),
        _ => Integer(type, bytes),
    };

    private static long Integer(ScalarType type, ReadOnlyMemory<byte> bytes) => type switch
    {
        ScalarType.UInt8 or ScalarType.Bool => bytes.Span[0],
        ScalarType.Int8 => (sbyte)bytes.Span[0],
        ScalarType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(bytes.Span),
        ScalarType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes.Span),
        ScalarType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(bytes.Span),
        ScalarType.Float32 or ScalarType.Float64 => checked((long)Number(type, bytes)),
        _ => throw new InvalidOperationException($"{type} holds no integers."),
    };
}

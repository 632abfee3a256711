using System.Buffers.Binary;

namespace MMDetSharp.Engine.ForeignModels;

/// <summary>What a Darknet <c>.weights</c> file begins with: its version, and how many images training has seen.</summary>
/// <param name="Major">0 in files of today; beyond 1000: connected layers are stored transposed.</param>
/// <param name="Minor">From 0.2 on, <paramref name="Seen"/> takes eight bytes, before four.</param>
/// <param name="Revision">5 in files of AlexeyAB's Darknet.</param>
/// <param name="Seen">Images.</param>
internal sealed record DarknetHeader(int Major, int Minor, int Revision, long Seen)
{
    /// <summary>What Darknet writes today, for a network whose training nobody counted.</summary>
    internal static DarknetHeader Current { get; } = new(0, 2, 5, 0);

    /// <summary>Its length in bytes.</summary>
    internal int Length => HasLongSeen ? 20 : 16;

    private bool HasLongSeen => (Major * 10) + Minor >= 2;

    /// <summary>Reads the first bytes of a file; null where there are too few.</summary>
    internal static DarknetHeader? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 16)
        {
            return null;
        }

        var header = new DarknetHeader(
            BinaryPrimitives.ReadInt32LittleEndian(bytes),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]));
        return !header.HasLongSeen ? header
            : bytes.Length < 20 ? null
            : header with { Seen = BinaryPrimitives.ReadInt64LittleEndian(bytes[12..]) };
    }

    /// <summary>The bytes of the file.</summary>
    internal byte[] ToBytes()
    {
        var bytes = new byte[Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Major);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), Minor);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Revision);
        if (HasLongSeen)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(12), Seen);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), unchecked((uint)Seen));
        }

        return bytes;
    }
}

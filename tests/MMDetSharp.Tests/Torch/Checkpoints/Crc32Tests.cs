using MMDetSharp.Torch.Checkpoints;

namespace MMDetSharp.Tests.Torch.Checkpoints;

/// <summary>The check sum against its published check value and a bit-by-bit twin.</summary>
public sealed class Crc32Tests
{
    [Fact]
    public void Append_PublishedCheckValue_IsEqual() => Assert.Equal(0xCBF43926u, Crc32.Append(0, "123456789"u8));

    [Fact]
    public void Append_AnyLength_EqualsBitByBit()
    {
        var bytes = new byte[700];
        new Random(1).NextBytes(bytes);

        for (var length = 0; length <= bytes.Length; length++)
        {
            Assert.Equal(BitByBit(bytes.AsSpan(0, length)), Crc32.Append(0, bytes.AsSpan(0, length)));
            Assert.Equal(~BitByBit(bytes.AsSpan(0, length)), Crc32.ByTable(~0u, bytes.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Append_InParts_EqualsWhole()
    {
        var bytes = new byte[1000];
        new Random(2).NextBytes(bytes);

        Assert.Equal(Crc32.Append(0, bytes), Crc32.Append(Crc32.Append(0, bytes.AsSpan(0, 333)), bytes.AsSpan(333)));
    }

    private static uint BitByBit(ReadOnlySpan<byte> bytes)
    {
        var crc = ~0u;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
            }
        }

        return ~crc;
    }
}

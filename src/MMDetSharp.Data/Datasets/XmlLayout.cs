namespace MMDetSharp.Data.Datasets;

/// <summary>Where the image of an XML annotation lies, and so which protocol evaluates it.</summary>
public enum XmlLayout
{
    /// <summary><c>JPEGImages/NAME.jpg</c>, evaluated by area under the curve (<c>XMLDataset</c>).</summary>
    Voc,

    /// <summary>PASCAL VOC 2007: as <see cref="Voc"/>, evaluated at 11 points of recall.</summary>
    Voc2007,

    /// <summary>WIDER FACE: <c>FOLDER/NAME.jpg</c>, FOLDER as the annotation says.</summary>
    WiderFace,
}
